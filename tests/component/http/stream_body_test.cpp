// Bodies of streams as they are meant to be written: one that sends an event from time to time, and
// one that listens while it speaks.
#include "http/message/stream_body.hpp"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "base/running_clock.hpp"
#include "component/http/served.hpp"
#include "support/logged.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::RunningClock;
using onlooker::http::test::Client;
using onlooker::http::test::eventually;
using onlooker::http::test::Served;
using onlooker::test::Logged;

namespace {

std::atomic<int> events_begun = 0;
std::atomic<int> bodies = 0;

// Server-sent events: a number every `interval`, behind `padding` octets of comment.
class Events final : public StreamBody {
  public:
    Events(std::chrono::milliseconds interval, std::size_t padding)
        : interval_(interval), padding_(padding, '.') {
        ++bodies;
    }
    ~Events() override { --bodies; }

    Awaitable<> run(StreamConnection& connection) override {
        auto due = RunningClock::now();
        for (int number = 0; co_await connection.wait_until(due); ++number) {
            due = RunningClock::now() + interval_;
            ++events_begun;
            const std::string event = ":" + padding_ + "\ndata: " + std::to_string(number) + "\n\n";
            if (!co_await connection.write(event))
                co_return;
        }
    }

  private:
    std::chrono::milliseconds interval_;
    std::string padding_;
};

// Says its word every few milliseconds; the client's next word replaces it at once.
class Parrot final : public StreamBody {
  public:
    bool wants_input() const noexcept override { return true; }

    Awaitable<> run(StreamConnection& connection) override {
        std::array<std::byte, 16> heard{};
        std::string word = "hello";
        for (auto due = RunningClock::now(); true;) {
            const IoResult said = co_await connection.read(heard, due);
            if (said.outcome == IoResult::Outcome::done) {
                word.assign(reinterpret_cast<const char*>(heard.data()), said.octets);
            } else if (said.outcome == IoResult::Outcome::wait_read) {
                due = RunningClock::now() + 5ms;
                const bool sent = co_await connection.write("[" + word + "]");
                if (!sent)
                    co_return;
            } else {
                co_return;
            }
        }
    }
};

Awaitable<Response> events(const Request& request, const RouteParameters&) {
    const auto interval = request.query.has("rare") ? std::chrono::hours(1) : 2ms;
    const std::size_t padding = request.query.has("large") ? 64 * 1024 : 0;
    Response response;
    response.with("Content-Type", "text/event-stream");
    response.body = std::make_unique<Events>(interval, padding);
    co_return response;
}

Awaitable<Response> parrot(const Request& request, const RouteParameters&) {
    Response response;
    response.body = std::make_unique<Parrot>();
    if (request.query.has("old"))
        response.framing = Framing::until_close;
    co_return response;
}

Router make_router() {
    Router router;
    router.add({Method::get}, "/events", Scope::view, events);
    router.add({Method::get}, "/parrot", Scope::view, parrot);
    return router;
}

ServerSettings with_stall_after(std::chrono::milliseconds limit) {
    ServerSettings settings;
    settings.connection.write_stall = limit;
    return settings;
}

}  // namespace

TEST_SUITE("stream body") {
    TEST_CASE("a fast reader gets each event in a chunk, and the last chunk when the server ends") {
        Served served(make_router());
        Client client(served.port());
        client.get("/events");
        const std::string head = client.receive_until("\r\n\r\n");
        CHECK(head.starts_with("HTTP/1.1 200 OK\r\nConnection: close\r\n"));
        CHECK(head.find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
        CHECK(client.receive_exactly(16) == "b\r\n:\ndata: 0\n\n\r\n");
        std::string rest = client.receive_exactly(16);
        CHECK(rest == "b\r\n:\ndata: 1\n\n\r\n");
        CHECK(served.stop(5s));
        rest += client.receive_all();
        CHECK(rest.ends_with("\n\n\r\n0\r\n\r\n"));
    }

    TEST_CASE("a client of HTTP/1.0 gets the events alone, and the end is the end") {
        Served served(make_router());
        Client client(served.port());
        client.send("GET /events HTTP/1.0\r\n\r\n");
        const std::string head = client.receive_until("\r\n\r\n");
        CHECK(head.find("Transfer-Encoding") == std::string::npos);
        CHECK(client.receive_exactly(24) == ":\ndata: 0\n\n:\ndata: 1\n\n:\n");
        CHECK(served.stop(5s));
        CHECK(client.receive_all().ends_with("\n\n"));
    }

    TEST_CASE("a body that waits for a far time leaves at once when the server does") {
        Served served(make_router());
        Client client(served.port());
        client.get("/events?rare");
        client.receive_until("data: 0\n\n\r\n");
        CHECK(served.stop(5s));
        CHECK(client.receive_all() == "0\r\n\r\n");
    }

    TEST_CASE("a body that waits is over when its client has gone") {
        Served served(make_router());
        Client client(served.port());
        client.get("/events?rare");
        client.receive_until("data: 0\n\n\r\n");
        CHECK(bodies == 1);
        client.reset();
        CHECK(eventually([] { return bodies == 0; }));
    }

    TEST_CASE("a reader that takes nothing holds the body back, and is let go with one line") {
        const Logged log;
        Served served(make_router(), with_stall_after(400ms));
        events_begun = 0;
        Client client(served.port(), 4096);
        client.get("/events?large");
        REQUIRE(eventually([] { return bodies == 1; }));
        CHECK(eventually([] { return bodies == 0; }));
        // What the kernel holds for it, and no more: 64 KiB each.
        CHECK(events_begun < 128);
        CHECK(eventually([&] { return served.connections() == 0; }));
        CHECK(log.count("took nothing of /events?large for 0.4 s and is let go") == 1);
    }

    TEST_CASE("a reader that takes a little from time to time is kept") {
        Served served(make_router(), with_stall_after(600ms));
        Client client(served.port(), 4096);
        client.get("/events?large");
        for (int i = 0; i < 10; ++i) {
            CHECK(client.receive_exactly(256 * 1024).size() == 256 * 1024);
            std::this_thread::sleep_for(100ms);
        }
        CHECK(bodies == 1);
    }

    TEST_CASE("a body hears what the client says while it speaks, from behind the request on") {
        Served served(make_router());
        Client client(served.port());
        client.send("GET /parrot?old HTTP/1.1\r\nHost: x\r\n\r\nfirst");
        std::string said = client.receive_until("[first]");
        CHECK(said.find("[hello]") == std::string::npos);
        client.send("second");
        said += client.receive_until("[second]");
        CHECK(said.ends_with("[first][second]"));
        // It ends when it has heard all.
        client.finish_sending();
        said += client.receive_all();
        CHECK(said.ends_with("[second]"));
        CHECK(client.closed_by_peer(5s));
    }

    TEST_CASE("a body that listens leaves with the server, its last chunk behind it") {
        Served served(make_router());
        Client client(served.port());
        client.get("/parrot");
        std::string said = client.receive_until("[hello]\r\n");
        CHECK(said.ends_with("\r\n\r\n7\r\n[hello]\r\n"));
        CHECK(served.stop(5s));
        said += client.receive_all();
        CHECK(said.ends_with("[hello]\r\n0\r\n\r\n"));
    }

    TEST_CASE("a body that listens is over when its client has gone") {
        Served served(make_router());
        Client client(served.port());
        client.get("/parrot");
        client.receive_until("[hello]");
        client.reset();
        CHECK(eventually([&] { return served.connections() == 0; }));
    }
}
