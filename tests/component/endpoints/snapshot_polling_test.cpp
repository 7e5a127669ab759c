// Snapshots that are asked for one after the other on one connection: who has been given a picture
// waits for the next one.
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <future>
#include <string>
#include <string_view>

#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"
#include "endpoints/snapshot.hpp"

namespace onlooker::endpoints {

namespace {

using namespace std::chrono_literals;
using camera::Camera;
using http::test::Client;
using http::test::status_of;
using test::Stage;
using test::viewers;

// Nothing is given again by the clock alone.
EndpointSettings patient() {
    EndpointSettings settings;
    settings.snapshot.same_again_after = 1h;
    return settings;
}

std::string field_of(std::string_view head, std::string_view name) {
    const std::string start = "\r\n" + std::string(name) + ": ";
    const auto place = head.find(start);
    if (place == std::string_view::npos)
        return {};
    const auto begin = place + start.size();
    return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
}

// A client that keeps its connection.
class Poller {
  public:
    explicit Poller(Stage& stage) : client_(stage.port()) {}

    void ask(std::string_view method = "GET", std::string_view target = "/snapshot",
             std::string_view fields = "") {
        client_.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" +
                     std::string(fields) + "\r\n");
    }
    // The picture that it gets; empty for an answer without one.
    std::string picture(bool has_body = true) {
        head_ = client_.receive_until("\r\n\r\n");
        if (!has_body || status_of(head_) != 200)
            return {};
        return client_.receive_exactly(
            std::strtoul(field_of(head_, "Content-Length").c_str(), nullptr, 10));
    }
    const std::string& head() const noexcept { return head_; }
    void close() { client_.close(); }

  private:
    Client client_;
    std::string head_;
};

// Keeps the camera open, and has made it take a picture.
class Watched {
  public:
    explicit Watched(const EndpointSettings& settings) : stage(settings), watcher_(stage.port()) {
        watcher_.get("/stream");
        first = stage.turn();
    }
    // So many snapshots are waited for.
    bool waits(std::size_t count) {
        return stage.until([count](Camera& camera) { return viewers(camera) == 1 + count; });
    }

    // The stream that keeps the camera open is watched no longer.
    void end() { watcher_.close(); }

    Stage stage;
    std::string first;

  private:
    Client watcher_;
};

}  // namespace

TEST_SUITE("the snapshot that is asked for again") {
    TEST_CASE("who was given this picture on this connection gets the next one, when it is there") {
        Watched watched(patient());
        Poller poller(watched.stage);
        poller.ask();
        CHECK(poller.picture() == watched.first);
        for (const char* target :
             {"/snapshot", "/?action=snapshot", "/cameras/yard/snapshot.jpg"}) {
            CAPTURE(target);
            poller.ask("GET", target);
            REQUIRE(watched.waits(1));
            const std::string next = watched.stage.turn();
            CHECK(poller.picture() == next);
        }
    }

    TEST_CASE("a picture that came since is given at once") {
        Watched watched(patient());
        Poller poller(watched.stage);
        poller.ask();
        CHECK(poller.picture() == watched.first);
        const std::string next = watched.stage.turn();
        poller.ask();
        CHECK(poller.picture() == next);
    }

    TEST_CASE("who asks first on another connection gets the newest one at once") {
        Watched watched(patient());
        Poller poller(watched.stage), other(watched.stage);
        poller.ask();
        CHECK(poller.picture() == watched.first);
        poller.ask();
        REQUIRE(watched.waits(1));
        other.ask();
        CHECK(other.picture() == watched.first);
        watched.stage.turn();
        CHECK(!poller.picture().empty());
    }

    TEST_CASE("pipelined requests are answered with one picture each") {
        Watched watched(patient());
        Poller poller(watched.stage);
        poller.ask();
        poller.ask();
        CHECK(poller.picture() == watched.first);
        REQUIRE(watched.waits(1));
        const std::string next = watched.stage.turn();
        CHECK(poller.picture() == next);
    }

    TEST_CASE("where no other picture comes in time the same one is given again, and again") {
        EndpointSettings settings;
        settings.snapshot.same_again_after = 100ms;
        Watched watched(settings);
        Poller poller(watched.stage);
        const SteadyTime begun = SteadyClock::now();
        for (int i = 0; i < 3; ++i) {
            poller.ask();
            CHECK(poller.picture() == watched.first);
        }
        CHECK(SteadyClock::now() - begun >= 200ms);
    }

    TEST_CASE("who is told that there is none waits too before it is told so again") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 0ms;
        settings.snapshot.same_again_after = 100ms;
        Stage stage(settings);
        const SteadyTime begun = SteadyClock::now();
        Client client(stage.port());
        for (int i = 0; i < 3; ++i) {
            client.get("/snapshot");
            CHECK(status_of(client.receive_until("no picture yet.\n")) == 503);
        }
        CHECK(SteadyClock::now() - begun >= 200ms);
    }

    TEST_CASE("HEAD gives no picture: it does not wait, and the GET behind it does not either") {
        Watched watched(patient());
        Poller poller(watched.stage);
        for (int i = 0; i < 2; ++i) {
            poller.ask("HEAD");
            poller.picture(false);
            CHECK(status_of(poller.head()) == 200);
        }
        poller.ask();
        CHECK(poller.picture() == watched.first);
        poller.ask("HEAD");
        poller.picture(false);
        CHECK(status_of(poller.head()) == 200);
    }

    TEST_CASE("who has it by its ETag is told so at once, and then waits for the next one") {
        Watched watched(patient());
        Poller poller(watched.stage);
        poller.ask();
        poller.picture();
        const std::string condition = "If-None-Match: " + field_of(poller.head(), "ETag") + "\r\n";
        Poller other(watched.stage);
        other.ask("GET", "/snapshot", condition);
        other.picture();
        CHECK(status_of(other.head()) == 304);
        other.ask("GET", "/snapshot", condition);
        REQUIRE(watched.waits(1));
        const std::string next = watched.stage.turn();
        CHECK(other.picture() == next);
    }

    TEST_CASE("a picture beyond max_delay is not given again, however long the wait") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 50ms;
        settings.snapshot.same_again_after = 50ms;
        Watched watched(settings);
        Poller poller(watched.stage);
        poller.ask();
        CHECK(poller.picture() == watched.first);
        poller.ask("GET", "/snapshot?max_delay=0");
        poller.picture();
        CHECK(status_of(poller.head()) == 503);
    }

    TEST_CASE("a client that leaves while it waits is no viewer any more") {
        Watched watched(patient());
        Poller poller(watched.stage);
        poller.ask();
        poller.picture();
        poller.ask();
        REQUIRE(watched.waits(1));
        poller.close();
        CHECK(watched.waits(0));
    }

    TEST_CASE("a server that ends waits for no picture") {
        Watched watched(patient());
        Poller poller(watched.stage);
        poller.ask();
        poller.picture();
        poller.ask();
        REQUIRE(watched.waits(1));
        watched.end();
        auto stopped =
            std::async(std::launch::async, [&] { return watched.stage.served().stop(5s); });
        CHECK(poller.picture() == watched.first);
        CHECK(stopped.get());
    }
}

}  // namespace onlooker::endpoints
