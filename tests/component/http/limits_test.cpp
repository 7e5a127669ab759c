// What the server does at its limits, and with peers that do not keep to the rules.
#include <dirent.h>
#include <malloc.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "component/http/served.hpp"
#include "support/logged.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::UniqueFd;
using onlooker::http::test::Client;
using onlooker::http::test::eventually;
using onlooker::http::test::Served;
using onlooker::http::test::status_of;
using onlooker::test::Logged;

namespace {

constexpr std::string_view get_a = "GET /echo/a HTTP/1.1\r\nHost: x\r\n\r\n";

Awaitable<Response> echo(const Request& request, const RouteParameters&) {
    co_return Response::text(200, request.path + request.body);
}

std::atomic<int> rows_made = 0;

TextGenerator endless_rows() {
    const std::string row(1'000, 'r');
    while (true) {
        ++rows_made;
        co_yield row;
    }
}

Awaitable<Response> rows(const Request&, const RouteParameters&) {
    Response response;
    response.body = endless_rows();
    co_return response;
}

std::atomic<int> running_streams = 0;

// Sends nothing and ends when it is told to, or never.
class Waiting final : public StreamBody {
  public:
    explicit Waiting(bool obedient) : obedient_(obedient) { ++running_streams; }
    ~Waiting() override { --running_streams; }

    std::string preamble() override { return "--frame\r\n"; }

    Awaitable<> run(StreamConnection& connection) override {
        auto& socket = connection.transport().socket();
        onlooker::Timer timer(socket.get_executor(), onlooker::Timer::time_point::max());
        connection.on_leave([this, &timer] {
            if (obedient_)
                timer.cancel();
        });
        if (obedient_)
            co_await timer.async_wait(onlooker::as_result);
        else
            co_await socket.async_wait(onlooker::TcpSocket::wait_read, onlooker::as_result);
        connection.on_leave({});
        // What a viewer's last part is.
        const std::array pieces{bytes_of("last part\r\n--frame\r\n")};
        connection.transport().try_write(pieces);
    }

  private:
    bool obedient_;
};

Awaitable<Response> waiting(const Request& request, const RouteParameters&) {
    Response response;
    response.framing = Framing::until_close;
    response.body = std::make_unique<Waiting>(!request.query.has("stubborn"));
    co_return response;
}

Router make_router() {
    Router router;
    router.add({Method::get, Method::post}, "/echo/{name}", Scope::public_, echo);
    router.add({Method::get}, "/rows", Scope::view, rows);
    router.add({Method::get}, "/waiting", Scope::view, waiting);
    return router;
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    DIR* folder = ::opendir("/proc/self/fd");
    while (::readdir(folder))
        ++count;
    ::closedir(folder);
    return count;
}

// A limit on open files that ends with the test.
class DescriptorLimit {
  public:
    explicit DescriptorLimit(std::size_t most) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit lower{most, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &lower);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    DescriptorLimit(const DescriptorLimit&) = delete;
    DescriptorLimit& operator=(const DescriptorLimit&) = delete;

  private:
    rlimit before_{};
};

}  // namespace

TEST_SUITE("limits") {
    TEST_CASE("an address has as many connections as it may, and a place again when one ends") {
        const Logged log;
        ServerSettings settings;
        settings.max_connections_per_address = 2;
        Served served(make_router(), settings);
        Client first(served.port());
        auto second = std::make_unique<Client>(served.port());
        REQUIRE(eventually([&] { return served.connections() == 2; }));
        Client third(served.port());
        third.send(get_a);
        CHECK(status_of(third.receive_all()) == 503);
        second->reset();
        REQUIRE(eventually([&] { return served.connections() == 1; }));
        Client fourth(served.port());
        fourth.send(get_a);
        CHECK(status_of(fourth.receive_until("\r\n\r\n")) == 200);
        CHECK(log.count("turned away") == 1);
    }

    TEST_CASE("more connections than there can be are told of at the start") {
        for (const auto& [wished, lines] : {std::pair{std::size_t{0}, 0U},
                                            {std::size_t{10}, 0U},
                                            {std::numeric_limits<std::size_t>::max() / 2, 1U}}) {
            const Logged log;
            ServerSettings settings;
            settings.max_connections = wished;
            const Served served(make_router(), settings);
            CHECK(log.count("LimitNOFILE") == lines);
            CHECK(log.count(std::to_string(wished) + " connections are wished for") == lines);
        }
    }

    TEST_CASE("rows are made while they are taken: the first at once, memory flat") {
        Served served(make_router());
        Client client(served.port(), 4096);
        rows_made = 0;
        client.get("/rows");
        client.receive_until("\r\n\r\n");
        // The kernel's buffers fill, and then no more are made.
        int before = -1;
        REQUIRE(eventually([&] {
            std::this_thread::sleep_for(50ms);
            return rows_made == std::exchange(before, rows_made.load());
        }));
        const auto held = ::mallinfo2().uordblks;
        // How much must be read before the kernel asks for more is the kernel's affair.
        CHECK(eventually([&] {
            client.receive_some(64 * 1024);
            return rows_made > before;
        }));
        CHECK(::mallinfo2().uordblks < held + 256 * 1024);
        client.reset();
        CHECK(eventually([&] { return served.connections() == 0; }));
    }

    TEST_CASE("Expect: 100-continue is answered before the body is sent") {
        Served served(make_router());
        Client client(served.port());
        client.send(
            "POST /echo/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            "Content-Length: 4\r\n\r\n");
        CHECK(client.receive_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
        client.send("body");
        CHECK(client.receive_until("/echo/abody\n").starts_with("HTTP/1.1 200"));
        // A body that is too long is refused instead.
        client.send(
            "POST /echo/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
            "Content-Length: 999999\r\n\r\n");
        CHECK(status_of(client.receive_all()) == 413);
    }

    TEST_CASE("without descriptors accepting rests, and goes on when there are some again") {
        const Logged log;
        Served served(make_router());
        Client viewer(served.port());
        viewer.open_stream("/waiting");
        Client late(served.port());
        late.send("GET /ec");
        REQUIRE(eventually([&] { return served.connections() == 2; }));
        std::vector<UniqueFd> taken;
        {
            const DescriptorLimit limit(open_descriptors() + 16);
            // Accepted, so that the server does not take what is given back below.
            Client idle(served.port());
            REQUIRE(eventually([&] { return served.connections() == 3; }));
            while (true) {
                UniqueFd fd(::dup(0));
                if (fd.get() < 0)
                    break;
                taken.push_back(std::move(fd));
            }
            // One of the last is given back for this client, which the server cannot accept.
            taken.pop_back();
            Client unaccepted(served.port());
            unaccepted.send(get_a);
            rusage before{};
            ::getrusage(RUSAGE_SELF, &before);
            REQUIRE(eventually([&] { return log.count("cannot accept connections") > 0; }));
            std::this_thread::sleep_for(1s);
            rusage after{};
            ::getrusage(RUSAGE_SELF, &after);
            const auto used = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1'000'000 +
                              after.ru_utime.tv_usec - before.ru_utime.tv_usec;
            CHECK(used < 200'000);
            // Those that are served are served on.
            late.send("ho/a HTTP/1.1\r\nHost: x\r\n\r\n");
            CHECK(status_of(late.receive_until("/echo/a\n")) == 200);
            CHECK(log.count("cannot accept connections") < 8);
            taken.clear();
            CHECK(status_of(unaccepted.receive_until("/echo/a\n")) == 200);
        }
        CHECK(running_streams == 1);
    }

    TEST_CASE("a thousand clients that connect, read a little and reset leave nothing behind") {
        const Logged log;
        Served served(make_router());
        const auto cycle = [&](int count) {
            for (int i = 0; i < count; ++i) {
                Client client(served.port());
                client.get(i % 2 == 0 ? "/echo/a" : "/rows");
                client.receive_some(16);
                client.reset();
            }
            REQUIRE(eventually([&] { return served.connections() == 0; }));
        };
        cycle(50);
        const std::size_t descriptors = open_descriptors();
        const auto held = ::mallinfo2().uordblks;
        cycle(1'000);
        CHECK(open_descriptors() == descriptors);
        CHECK(::mallinfo2().uordblks < held + 64 * 1024);
        CHECK(log.lines().empty());
    }

    TEST_CASE("a flood of bad requests is a few lines that hold no control octet") {
        const Logged log;
        Served served(make_router());
        for (int i = 0; i < 2'000; ++i) {
            Client client(served.port());
            client.send("GET /\x1b[2J\r\nHost: x\r\n\r\n");
            CHECK(status_of(client.receive_some()) == 400);
            client.reset();
        }
        CHECK(log.lines().size() >= 5);
        CHECK(log.lines().size() < 40);
        for (const std::string& line : log.lines())
            CHECK(line.find('\x1b') == std::string::npos);
    }
}

TEST_SUITE("ending") {
    TEST_CASE("a stream that is told to leave sends its last part, and nothing is cut") {
        Served served(make_router());
        Client client(served.port());
        client.open_stream("/waiting");
        CHECK(running_streams == 1);
        CHECK(served.stop(1s));
        CHECK(client.receive_all() == "last part\r\n--frame\r\n");
        CHECK(running_streams == 0);
    }

    TEST_CASE("a stream that does not leave is aborted") {
        Served served(make_router());
        Client client(served.port());
        client.open_stream("/waiting?stubborn");
        const auto begin = std::chrono::steady_clock::now();
        CHECK(!served.stop(100ms));
        CHECK(std::chrono::steady_clock::now() - begin >= 100ms);
        CHECK(running_streams == 1);
        served.on_loop([&] { served.server().abort(); });
        CHECK(eventually([] { return running_streams == 0; }));
        CHECK(client.closed_by_peer(1s));
    }
}
