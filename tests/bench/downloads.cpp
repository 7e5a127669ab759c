// downloads: clients on one thread who fetch a page again and again, each over a new connection, as
// fast as they are answered, or reading slowly. They make the trouble beside which running viewers
// are measured: a storm of snapshots, or of downloads of the frame log. With --leave-after they are
// viewers who come, take so many octets of the stream and go.
//
//     downloads --port 5001 --path /snapshot --clients 50 --seconds 6
//         [--slow 10 --slow-rate 200000] [--leave-after 30000] [--host 127.0.0.1]
//
// Slow clients read --slow-rate octets per second. Prints one line of JSON: answers, those that
// were not 200 or were cut short, octets, and how long the quick ones took.

#include <nlohmann/json.hpp>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "clock.hpp"
#include "process_watch.hpp"
#include "sockets.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage =
    R"(downloads: clients who fetch a page again and again; prints one line of JSON.

  --host ADDRESS     IPv4 address of the server (127.0.0.1)
  --port PORT        (5001)
  --path PATH        (/snapshot)
  --clients COUNT    who read as fast as they are answered (10)
  --slow COUNT       who read --slow-rate octets per second (0)
  --slow-rate OCTETS (200000)
  --leave-after OCTETS  go when so many have arrived; 0: when the server closes (0)
  --server-pid PID   whose CPU time per answer is reported
  --seconds SECONDS  how long (5)
)";

constexpr Nanoseconds slow_read_period = 50 * one_millisecond;

struct Options {
    std::string host;
    std::uint16_t port = 0;
    std::string path;
    std::size_t quick = 0;
    std::size_t slow = 0;
    std::size_t slow_rate = 0;    // octets per second
    std::size_t leave_after = 0;  // octets; 0: stays until the server closes
    pid_t server = 0;
    Nanoseconds window = 0;
};

struct Client {
    UniqueFd socket;
    bool slow = false;
    bool asked = false;
    bool status_seen = false;
    bool good = false;
    std::size_t octets = 0;
    Nanoseconds begun = 0;
};

class Crowd {
  public:
    explicit Crowd(const Options& options);
    std::string run();

  private:
    void begin(Client& client);
    void event(Client& client);
    // False: nothing more is there at present, or the answer has ended.
    bool read_some(Client& client, std::size_t at_most);
    void note_status(Client& client, std::string_view seen);
    ProcessReading server() const;
    void serve_until(Nanoseconds until);
    void end(Client& client);
    void read_slowly();
    std::string report() const;

    Options options_;
    std::string request_;
    UniqueFd epoll_;
    std::vector<Client> clients_;
    std::vector<char> buffer_ = std::vector<char>(256 * 1024);
    std::uint64_t octets_ = 0;
    std::uint64_t answers_ = 0;
    std::uint64_t failed_ = 0;
    std::vector<Nanoseconds> times_;
    Nanoseconds server_cpu_ = 0;  // within the window
};

Crowd::Crowd(const Options& options)
    : options_(options),
      request_("GET " + options.path + " HTTP/1.0\r\nHost: " + options.host +
               "\r\nUser-Agent: onlooker-bench\r\n\r\n"),
      epoll_(check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      clients_(options.quick + options.slow) {}

void Crowd::begin(Client& client) {
    const bool slow = client.slow;
    client = {};
    client.slow = slow;
    client.begun = monotonic_now();
    client.socket = connect_to(options_.host, options_.port, 0);
    epoll_event event{};
    event.events = EPOLLOUT;
    event.data.ptr = &client;
    check(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.socket.get(), &event), "epoll_ctl");
}

void Crowd::event(Client& client) {
    if (client.asked) {
        // A slow one is minded by the clock alone.
        while (!client.slow && read_some(client, buffer_.size())) {
        }
        return;
    }
    client.asked = true;
    if (send(client.socket.get(), request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<long>(request_.size())) {
        end(client);
        return;
    }
    epoll_event event{};
    event.events = client.slow ? 0U : EPOLLIN;
    event.data.ptr = &client;
    check(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, client.socket.get(), &event), "epoll_ctl");
}

bool Crowd::read_some(Client& client, std::size_t at_most) {
    const long size = recv(client.socket.get(), buffer_.data(), at_most, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0) {
        client.good = client.good && size == 0;
        end(client);
        return false;
    }
    octets_ += static_cast<std::uint64_t>(size);
    client.octets += static_cast<std::size_t>(size);
    note_status(client, {buffer_.data(), static_cast<std::size_t>(size)});
    if (options_.leave_after > 0 && client.octets >= options_.leave_after) {
        end(client);
        return false;
    }
    return static_cast<std::size_t>(size) == at_most && !client.slow;
}

void Crowd::note_status(Client& client, std::string_view seen) {
    if (client.status_seen)
        return;
    client.status_seen = true;
    client.good = seen.substr(0, seen.find('\r')).find(" 200") != std::string_view::npos;
}

void Crowd::end(Client& client) {
    ++answers_;
    failed_ += !client.good;
    if (!client.slow)
        times_.push_back(monotonic_now() - client.begun);
    begin(client);
}

void Crowd::read_slowly() {
    const std::size_t share = std::clamp<std::size_t>(
        options_.slow_rate * slow_read_period / one_second, 1, buffer_.size());
    for (Client& client : clients_) {
        if (client.slow && client.asked)
            read_some(client, share);
    }
}

std::string Crowd::run() {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        clients_[i].slow = i >= options_.quick;
        begin(clients_[i]);
    }
    const Nanoseconds before = server().cpu;
    serve_until(monotonic_now() + options_.window);
    server_cpu_ = server().cpu - before;
    return report();
}

ProcessReading Crowd::server() const {
    return options_.server > 0 ? read_process(options_.server, false) : ProcessReading{};
}

void Crowd::serve_until(Nanoseconds until) {
    Nanoseconds slow_read_due = monotonic_now();
    std::array<epoll_event, 256> events;
    for (Nanoseconds now = monotonic_now(); now < until; now = monotonic_now()) {
        if (now >= slow_read_due) {
            read_slowly();
            slow_read_due = now + slow_read_period;
        }
        const timespec rest =
            to_timespec(std::max<Nanoseconds>(std::min(until, slow_read_due) - now, 0));
        const int count = epoll_pwait2(epoll_.get(), events.data(), events.size(), &rest, nullptr);
        if (count < 0 && errno != EINTR)
            check(count, "epoll_pwait2");
        for (int i = 0; i < count; ++i)
            event(*static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
}

std::string Crowd::report() const {
    std::vector<Nanoseconds> times = times_;
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        if (times.empty())
            return 0.0;
        const double place = share * static_cast<double>(times.size() - 1);
        return static_cast<double>(times[static_cast<std::size_t>(place)]) / 1e6;
    };
    const double seconds = static_cast<double>(options_.window) / 1e9;
    return nlohmann::ordered_json{
        {"clients", clients_.size()},
        {"answers", answers_},
        {"failed", failed_},
        {"answers_per_second", static_cast<double>(answers_) / seconds},
        {"octets_per_second", static_cast<double>(octets_) / seconds},
        {"server_cpu_us_per_answer",
         answers_ > 0 ? static_cast<double>(server_cpu_) / 1e3 / static_cast<double>(answers_) : 0},
        {"answer_ms", {{"p50", at(0.5)}, {"p99", at(0.99)}, {"max", at(1)}}}}
        .dump();
}

void run(int count, char** values) {
    Arguments arguments(count, values, usage);
    Options options;
    options.host = arguments.text("host", "127.0.0.1");
    options.port = static_cast<std::uint16_t>(arguments.integer("port", 5001));
    options.path = arguments.text("path", "/snapshot");
    options.quick = static_cast<std::size_t>(arguments.integer("clients", 10));
    options.slow = static_cast<std::size_t>(arguments.integer("slow", 0));
    options.slow_rate = static_cast<std::size_t>(arguments.integer("slow-rate", 200'000));
    options.leave_after = static_cast<std::size_t>(arguments.integer("leave-after", 0));
    options.server = static_cast<pid_t>(arguments.integer("server-pid", 0));
    options.window = static_cast<Nanoseconds>(arguments.number("seconds", 5) * 1e9);
    arguments.expect_no_others();
    raise_descriptor_limit();
    std::puts(Crowd(options).run().c_str());
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    onlooker::bench::run(count, values);
} catch (const std::exception& error) {
    std::fprintf(stderr, "downloads: %s\n", error.what());
    return 2;
}
