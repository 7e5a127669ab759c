// viewers: many viewers on one thread that cost next to nothing themselves.
//
// Connects the first viewer and takes the server's memory with it, connects the others at the rate
// asked for, lets the warm-up pass, and then measures for a window of time. Prints one line of
// JSON; tally.cpp says what is in it, README.md how to read it.
//
// Those who do not read, and the slow ones (who read --slow-rate octets per second), are connected
// beside the --viewers and are not in the figures.

#include <unistd.h>

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "picture_reader.hpp"
#include "process_watch.hpp"
#include "sockets.hpp"
#include "tally.hpp"
#include "tls_client.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage = R"(viewers: many viewers on one thread; prints one line of JSON.

  --host ADDRESS          IPv4 address of the server (127.0.0.1)
  --port PORT             (5001)
  --path PATH             of the stream (/stream)
  --viewers COUNT         who are measured (1)
  --connect-rate RATE     so many connect per second (1000)
  --alone SECONDS         of the first viewer, before the server's memory is read (1)
  --warm-up SECONDS       from the last connect to the window (2)
  --seconds SECONDS       length of the window (5)
  --drain SECONDS         for pictures of the window that arrive after it (1)
  --slow COUNT            beside them: who read --slow-rate octets per second (0)
  --slow-rate OCTETS      (200000)
  --not-reading COUNT     beside them: who never read (0)
  --receive-buffer OCTETS SO_RCVBUF; 0: the kernel's own (0)
  --stamped on|off        off: the server encodes again, so no stamp is left: no ages, no misses (on)
  --tls on|off            the server speaks TLS (off)
  --server-pid PID        whose CPU time, memory and switches are reported
  --counter FILE          a 64-bit number that grows; reported is by how much within the window
)";

constexpr Nanoseconds slow_read_period = 50 * one_millisecond;

enum class Habit { reads, slow, does_not_read };

struct Options {
    std::string host;
    std::uint16_t port = 0;
    std::string path;
    std::array<std::size_t, 3> count{};  // by Habit
    double connect_rate = 1000;          // per second
    std::size_t slow_rate = 0;           // octets per second
    int receive_buffer = 0;
    bool stamped = true;
    bool tls = false;
    pid_t server = 0;
    std::string counter;    // a file that holds one 64-bit number; empty: none
    Nanoseconds alone = 0;  // of the first viewer, for the server's memory
    Nanoseconds warm_up = 0;
    Nanoseconds window = 0;
    Nanoseconds drain = 0;
};

struct Viewer {
    UniqueFd socket;
    Habit habit = Habit::reads;
    bool asked = false;
    bool closed = false;
    std::unique_ptr<TlsClient> tls;
    PictureReader reader;
    ViewerTally tally;
};

class Load {
  public:
    explicit Load(const Options& options);
    std::string run();

  private:
    void connect_one(Habit habit);
    void connect_all();
    void poll_until(Nanoseconds until);
    void event(Viewer& viewer, std::uint32_t events);
    void ask(Viewer& viewer);
    void count(Viewer& viewer);
    void read_slowly();
    void close(Viewer& viewer);
    ProcessReading server(bool with_memory) const;
    std::uint64_t counter() const;

    Options options_;
    std::string request_;
    UniqueFd epoll_;
    std::vector<std::unique_ptr<Viewer>> viewers_;
    Tally tally_;
    Tally::Surroundings around_;
    Nanoseconds slow_read_due_ = 0;
};

Load::Load(const Options& options)
    : options_(options),
      request_("GET " + options.path + " HTTP/1.0\r\nHost: " + options.host +
               "\r\nAccept: */*\r\nUser-Agent: onlooker-bench\r\n\r\n"),
      epoll_(check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {}

void Load::connect_one(Habit habit) {
    auto& viewer = *viewers_.emplace_back(std::make_unique<Viewer>());
    viewer.habit = habit;
    viewer.reader = PictureReader(options_.stamped);
    viewer.tally.connected = monotonic_now();
    viewer.socket = connect_to(options_.host, options_.port, options_.receive_buffer);
    epoll_event event{};
    event.events = EPOLLOUT;
    event.data.ptr = &viewer;
    check(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, viewer.socket.get(), &event), "epoll_ctl");
}

// The connection stands: sends the request, and from then on minds only what comes back, if that.
void Load::ask(Viewer& viewer) {
    if (options_.tls)
        viewer.tls = std::make_unique<TlsClient>(viewer.socket.get());
    const long sent =
        viewer.tls ? viewer.tls->write(std::as_bytes(std::span(request_)))
                   : send(viewer.socket.get(), request_.data(), request_.size(), MSG_NOSIGNAL);
    if (sent != static_cast<long>(request_.size())) {
        close(viewer);
        return;
    }
    viewer.asked = true;
    epoll_event event{};
    event.events = viewer.habit == Habit::reads ? EPOLLIN : 0U;
    event.data.ptr = &viewer;
    check(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, viewer.socket.get(), &event), "epoll_ctl");
}

void Load::close(Viewer& viewer) {
    viewer.socket = {};
    viewer.closed = true;
    ++around_.closed;
}

void Load::event(Viewer& viewer, std::uint32_t events) {
    if (viewer.closed)
        return;
    if ((events & EPOLLERR) != 0) {
        close(viewer);
        return;
    }
    if (!viewer.asked) {
        ask(viewer);
        return;
    }
    if (viewer.habit != Habit::reads) {
        if ((events & EPOLLHUP) != 0)
            close(viewer);
        return;
    }
    // One picture at a time: epoll tells when there is more, and asking now would mostly be in
    // vain.
    const auto outcome = viewer.reader.read(viewer.socket.get(), viewer.tls.get());
    if (outcome == PictureReader::Outcome::picture)
        count(viewer);
    else if (outcome == PictureReader::Outcome::closed)
        close(viewer);
}

void Load::count(Viewer& viewer) {
    const Nanoseconds now = monotonic_now();
    Stamp stamp = viewer.reader.stamp();
    if (!options_.stamped)
        stamp.captured = now;
    tally_.picture(viewer.tally, stamp, now);
}

void Load::read_slowly() {
    const std::size_t share = options_.slow_rate * slow_read_period / one_second;
    for (const auto& viewer : viewers_) {
        if (viewer->habit == Habit::slow && viewer->asked && !viewer->closed)
            recv(viewer->socket.get(), nullptr, share, MSG_DONTWAIT | MSG_TRUNC);
    }
    slow_read_due_ = monotonic_now() + slow_read_period;
}

void Load::poll_until(Nanoseconds until) {
    std::array<epoll_event, 256> events;
    while (true) {
        const Nanoseconds now = monotonic_now();
        if (now >= until)
            return;
        const bool anybody_slow = options_.count[static_cast<std::size_t>(Habit::slow)] > 0;
        if (anybody_slow && now >= slow_read_due_)
            read_slowly();
        const Nanoseconds next = anybody_slow ? std::min(until, slow_read_due_) : until;
        const timespec rest = to_timespec(std::max<Nanoseconds>(next - now, 0));
        const int count = epoll_pwait2(epoll_.get(), events.data(), events.size(), &rest, nullptr);
        if (count < 0 && errno != EINTR)
            check(count, "epoll_pwait2");
        for (int i = 0; i < count; ++i) {
            const epoll_event& seen = events[static_cast<std::size_t>(i)];
            event(*static_cast<Viewer*>(seen.data.ptr), seen.events);
        }
    }
}

void Load::connect_all() {
    const Nanoseconds begin = monotonic_now();
    const auto gap = static_cast<Nanoseconds>(1e9 / options_.connect_rate);
    Nanoseconds connected = 0;
    // Those who only make trouble come first, so that they do so while the others are measured.
    for (const Habit habit : {Habit::does_not_read, Habit::slow, Habit::reads}) {
        const auto already = static_cast<std::size_t>(
            std::count_if(viewers_.begin(), viewers_.end(),
                          [&](const auto& viewer) { return viewer->habit == habit; }));
        for (std::size_t i = already; i < options_.count[static_cast<std::size_t>(habit)]; ++i) {
            connect_one(habit);
            poll_until(begin + ++connected * gap);
        }
    }
}

ProcessReading Load::server(bool with_memory) const {
    return options_.server > 0 ? read_process(options_.server, with_memory) : ProcessReading{};
}

std::uint64_t Load::counter() const {
    std::uint64_t value = 0;
    if (!options_.counter.empty() && !std::ifstream(options_.counter, std::ios::binary)
                                          .read(reinterpret_cast<char*>(&value), sizeof value))
        throw std::runtime_error(options_.counter + ": holds no 64-bit number");
    return value;
}

std::string Load::run() {
    connect_one(Habit::reads);
    const bool alone = options_.count == std::array<std::size_t, 3>{1, 0, 0};
    if (!alone && options_.server > 0) {
        poll_until(monotonic_now() + options_.alone);
        around_.own_before = server(true).own;
    }
    connect_all();
    poll_until(monotonic_now() + options_.warm_up);
    // The map of its memory is read a little before the window, since that costs the server time.
    around_.own_begin = server(true).own;
    poll_until(monotonic_now() + 20 * one_millisecond);
    const Nanoseconds begin = monotonic_now();
    tally_.set_window(begin, begin + options_.window);
    around_.begin = server(false);
    const std::uint64_t counted_before = counter();
    const Nanoseconds load_before = read_process(getpid(), false).cpu;
    poll_until(begin + options_.window);
    around_.counted = counter() - counted_before;
    around_.end = server(true);
    around_.load_cpu = read_process(getpid(), false).cpu - load_before;
    poll_until(monotonic_now() + options_.drain);

    around_.slow = static_cast<unsigned>(options_.count[static_cast<std::size_t>(Habit::slow)]);
    around_.not_reading =
        static_cast<unsigned>(options_.count[static_cast<std::size_t>(Habit::does_not_read)]);
    std::vector<ViewerTally*> tallies;
    for (const auto& viewer : viewers_) {
        if (viewer->habit == Habit::reads)
            tallies.push_back(&viewer->tally);
    }
    return tally_.report(tallies, around_);
}

Nanoseconds seconds_of(Arguments& arguments, std::string_view name, double fallback) {
    return static_cast<Nanoseconds>(arguments.number(name, fallback) * 1e9);
}

Options options_of(Arguments& arguments) {
    Options options;
    options.host = arguments.text("host", "127.0.0.1");
    options.port = static_cast<std::uint16_t>(arguments.integer("port", 5001));
    options.path = arguments.text("path", "/stream");
    options.count = {
        static_cast<std::size_t>(std::max<std::int64_t>(arguments.integer("viewers", 1), 1)),
        static_cast<std::size_t>(arguments.integer("slow", 0)),
        static_cast<std::size_t>(arguments.integer("not-reading", 0))};
    options.connect_rate = std::max(arguments.number("connect-rate", 1000), 0.1);
    options.slow_rate = static_cast<std::size_t>(arguments.integer("slow-rate", 200'000));
    options.receive_buffer = static_cast<int>(arguments.integer("receive-buffer", 0));
    options.stamped = arguments.flag("stamped", true);
    options.tls = arguments.flag("tls", false);
    options.counter = arguments.text("counter", "");
    options.server = static_cast<pid_t>(arguments.integer("server-pid", 0));
    options.alone = seconds_of(arguments, "alone", 1);
    options.warm_up = seconds_of(arguments, "warm-up", 2);
    options.window = seconds_of(arguments, "seconds", 5);
    options.drain = seconds_of(arguments, "drain", 1);
    arguments.expect_no_others();
    return options;
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    using namespace onlooker::bench;
    Arguments arguments(count, values, usage);
    const Options options = options_of(arguments);
    raise_descriptor_limit();
    std::puts(Load(options).run().c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "viewers: %s\n", error.what());
    return 2;
}
