// What the interface for programs says of the server, its cameras and who looks at them.
#include <doctest/doctest.h>

#include <list>
#include <memory>
#include <string>

#include "unit/api/house.hpp"

using namespace onlooker;
using http::Method;
using test::House;
using test::PassTo;

TEST_SUITE("api") {
    TEST_CASE("the server tells what it is, its limits and what may be done") {
        House house;
        const auto words = house.get("/api/v1/server").json();
        CHECK(words["name"] == "onlooker");
        CHECK(words["version"] == "1.2.3");
        CHECK(words["instance"] == "here");
        CHECK(words["time"] >= words["started"]);
        CHECK(words["limits"]["variants"]["max"] == 16);
        CHECK(words["limits"]["viewers"]["max"] == 9);
        CHECK(words["limits"]["viewers"]["per_camera"] == 0);
        CHECK(words["features"]["clips"].empty());
        CHECK(words["may"]["control"] == true);
        CHECK(words["may"]["link"] == false);
        CHECK_FALSE(words.contains("person"));
    }

    TEST_CASE("a camera that nobody has watched is idle, and has no picture yet") {
        House house;
        const auto words = house.get("/api/v1/cameras/yard").json();
        CHECK(words["name"] == "yard");
        CHECK(words["title"] == "The yard");
        CHECK(words["state"] == "idle");
        CHECK(words["live"] == false);
        CHECK(words["size"]["width"] == 0);
        CHECK(words["nominal_fps"] == 200);
        CHECK_FALSE(words.contains("last_frame"));
        CHECK_FALSE(words.contains("fault"));
        CHECK_FALSE(words["links"].contains("clip"));
        CHECK(words["links"]["stream"] == "./cameras/yard/stream");
    }

    TEST_CASE("one that is watched has a size, a last frame, controls and a viewer") {
        House house;
        house.watch(0);
        const auto words = house.get("/api/v1/cameras/yard").json();
        CHECK(words["live"] == true);
        CHECK(words["size"]["width"] == 16);
        CHECK(words["last_frame"]["number"] >= 1);
        CHECK(words["last_frame"]["octets"] > 100);
        CHECK(words["frames"]["published"] >= 1);
        CHECK(words["controls"] == 6);
        CHECK(words["viewers"] == 1);
        const auto state = house.get("/cameras/yard/state").json();
        CHECK(state["result"]["onlooker"]["variants"] == words["variants"]);
    }

    TEST_CASE("a viewer that is sent nothing has skipped what was on show") {
        House house;
        house.watch(0);
        const auto& feed = house.cameras[0]->feed();
        const auto seen = feed.frames();
        CHECK(house.run_until([&] { return feed.frames() >= seen + 5; }));
        const auto viewers = house.get("/api/v1/cameras/yard/viewers").json()["viewers"];
        REQUIRE(viewers.size() == 1);
        CHECK(viewers[0]["key"] == "me");
        CHECK(viewers[0]["frames"] == 0);
        CHECK(viewers[0]["skipped"]["total"] >= 4);
        CHECK(viewers[0]["skipped"]["why"] == "link");
        house.lookers[0]->count_frame(SteadyClock::now());
        const auto later = house.get("/api/v1/cameras/yard/viewers").json()["viewers"];
        CHECK(later[0]["frames"] == 1);
    }

    TEST_CASE("what was skipped is put down to the line, or to the server") {
        struct Late final : camera::Viewing::Observed {
            camera::Viewing::Progress progress() const noexcept override {
                return {.skipped_for_link = for_link};
            }
            std::uint64_t for_link = 0;
        } late;
        House house;
        house.watch(0);
        house.lookers[0]->observe(late);
        const auto& feed = house.cameras[0]->feed();
        const auto seen = feed.frames();
        CHECK(house.run_until([&] { return feed.frames() >= seen + 8; }));
        const auto skipped = [&house] {
            return house.get("/api/v1/cameras/yard/viewers").json()["viewers"][0]["skipped"];
        };
        const auto all = skipped();  // the camera goes on
        CHECK(all["link"] == 0);
        CHECK(all["server"] == all["total"]);
        CHECK(all["why"] == "server");
        late.for_link = 1;
        CHECK(skipped()["link"] == 1);
        CHECK(skipped()["why"] == "server");
        late.for_link = 1'000'000;
        CHECK(skipped()["server"] == 0);
        CHECK(skipped()["why"] == "link");
    }

    TEST_CASE("lists hold what the pass allows, and nothing else") {
        House house(test::everybody, std::make_shared<PassTo>("bed"));
        const auto cameras = house.get("/api/v1/cameras").json()["cameras"];
        REQUIRE(cameras.size() == 1);
        CHECK(cameras[0]["name"] == "bed");
        CHECK(house.get("/api/v1/server").json()["person"] == "anna");
        CHECK(house.get("/metrics").body().find("yard") == std::string::npos);
        CHECK(house.get("/api/v1/openapi.json").body().find("yard") == std::string::npos);
    }

    TEST_CASE("what is refused is refused as a problem, below this interface and nowhere else") {
        House house([](const http::Access& access) -> std::optional<http::Response> {
            if (access.resource == "bed")
                return http::Response::error(403, "Not for you.");
            return std::nullopt;
        });
        const auto is_problem = [&](const House::Asked& asked, int status) {
            CHECK(asked.response.status == status);
            CHECK(asked.field("Content-Type") == "application/problem+json");
            const auto words = asked.json();
            CHECK(words["status"] == status);
            CHECK(words["type"] == "about:blank");
            CHECK_FALSE(words["title"].get<std::string>().empty());
            return words["detail"].get<std::string>();
        };
        CHECK(is_problem(house.get("/api/v1/cameras/roof"), 404) == "There is no camera roof.");
        CHECK(is_problem(house.get("/api/v1/nonesuch"), 404).find("nothing at this address") !=
              std::string::npos);
        CHECK(is_problem(house.get("/api/v1/cameras/bed"), 403) == "Not for you.");
        is_problem(house.ask(Method::post, "/api/v1/cameras"), 405);
        is_problem(house.ask(Method::other, "/api/v1/cameras"), 501);
        CHECK(house.ask(Method::post, "/api/v1/cameras/yard/controls").field("Allow") ==
              "GET, HEAD, PATCH, OPTIONS");
        const auto& text = house.get("/cameras/roof/state");
        CHECK(text.response.status == 404);
        CHECK(text.field("Content-Type") == "text/plain; charset=utf-8");
    }

    TEST_CASE("when as many listen to the events as may, one more is told to come back") {
        House house;
        std::list<api::EventHub::Listener> listeners;
        while (!house.events.is_full())
            listeners.emplace_back(house.events);
        CHECK(listeners.size() == 64);
        const auto& refused = house.get("/api/v1/events");
        CHECK(refused.response.status == 503);
        CHECK(refused.field("Content-Type") == "application/problem+json");
        CHECK_FALSE(refused.field("Retry-After").empty());
        listeners.pop_back();
        const auto& taken = house.get("/api/v1/events");
        CHECK(taken.response.status == 200);
        CHECK(taken.field("Content-Type") == "text/event-stream");
        CHECK(house.events.is_full());
    }

    TEST_CASE("variants are told as in /state") {
        House house;
        const auto words = house.get("/api/v1/cameras/bed/variants").json();
        CHECK(words["variants"].is_array());
        CHECK(words["variants"].empty());
    }
}
