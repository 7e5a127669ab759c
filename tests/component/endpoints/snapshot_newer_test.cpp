// Snapshots for programs that want each picture once, and for caches that many share.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"

namespace onlooker::endpoints {

namespace {

using namespace std::chrono_literals;
using http::test::Client;
using http::test::status_of;
using test::Stage;
using test::viewers;

void ask_for(Client& client, std::string_view target) {
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
}

std::string get(std::uint16_t port, std::string_view target) {
    Client client(port);
    ask_for(client, target);
    return client.receive_until("\r\n\r\n");
}

bool has(const std::string& head, std::string_view line) {
    return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
}

// A camera that is open, and has shown two pictures.
struct Open : Stage {
    Open() : viewer(port()) {
        viewer.get("/stream");
        REQUIRE(until([](camera::Camera& camera) { return viewers(camera) == 1; }));
        turn();
        turn();
    }
    Client viewer;
};

}  // namespace

TEST_SUITE("snapshots for programs") {
    TEST_CASE("a picture says its number, and with it the next one is waited for") {
        Open stage;
        CHECK(has(get(stage.port(), "/snapshot"), "X-Frame-Number: 2"));
        CHECK(has(get(stage.port(), "/snapshot?newer_than=1"), "X-Frame-Number: 2"));
        Client client(stage.port());
        ask_for(client, "/snapshot?newer_than=2&wait=30");
        REQUIRE(stage.until([](camera::Camera& camera) { return viewers(camera) == 2; }));
        stage.turn();
        const std::string head = client.receive_until("\r\n\r\n");
        CHECK(status_of(head) == 200);
        CHECK(has(head, "X-Frame-Number: 3"));
    }

    TEST_CASE("when none comes in time there is no content") {
        Open stage;
        const std::string head = get(stage.port(), "/snapshot?newer_than=2&wait=0.05");
        CHECK(status_of(head) == 204);
        CHECK(has(head, "X-Frame-Number: 2"));
    }

    TEST_CASE("a number of an earlier run of the program is none of ours") {
        Open stage;
        CHECK(status_of(get(stage.port(), "/snapshot?newer_than=4711&wait=0")) == 200);
    }

    TEST_CASE("what is no number, or too long a wait, is refused") {
        Open stage;
        for (const char* query : {"newer_than=", "newer_than=-1", "newer_than=x", "wait=61",
                                  "wait=-1", "wait=nan", "wait=x"})
            CHECK(status_of(get(stage.port(), "/snapshot?" + std::string(query))) == 400);
    }

    TEST_CASE("a cache may share what is fresh, for whole seconds, when it is asked to") {
        Open stage;
        CHECK(has(get(stage.port(), "/snapshot?cache=2500"),
                  "Cache-Control: public, max-age=0, s-maxage=2"));
        for (const char* query : {"cache=999", "cache=1700000000000", "cache=", "x=1"})
            CHECK(get(stage.port(), "/snapshot?" + std::string(query)).find("no-store") !=
                  std::string::npos);
    }
}

}  // namespace onlooker::endpoints
