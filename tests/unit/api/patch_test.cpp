// Changing controls: all that are named, or none, and honestly what the camera made of them.
#include <doctest/doctest.h>

#include <string>

#include "unit/api/house.hpp"

using namespace onlooker;
using http::Method;
using test::House;

namespace {

constexpr const char* controls_of_yard = "/api/v1/cameras/yard/controls";

double value_of(const nlohmann::json& words, std::string_view id) {
    for (const auto& control : words["controls"])
        if (control["id"] == id)
            return control["value"];
    return -1;
}

}  // namespace

TEST_SUITE("changing controls by JSON") {
    TEST_CASE("numbers, words, menu entries, null for the default and true for a button") {
        House house;
        house.watch(0);
        const auto& answer =
            house.patch(controls_of_yard,
                        R"({"brightness": 12, "auto_exposure": "manual mode", "auto_focus": false,)"
                        R"("reset": true})");
        CHECK(answer.response.status == 200);
        const auto words = answer.json();
        CHECK(value_of(words, "brightness") == 12);
        CHECK(value_of(words, "auto_exposure") == 1);
        CHECK(value_of(words, "auto_focus") == 0);
        CHECK(words["unmet"].empty());
        const auto again = house.patch(controls_of_yard, R"({"brightness": null})").json();
        CHECK(value_of(again, "brightness") == 128);
        CHECK(house.get(controls_of_yard).json()["controls"] == again["controls"]);
    }

    TEST_CASE("one that cannot be, and none is changed; each is told why") {
        House house;
        house.watch(0);
        const auto& answer = house.patch(
            controls_of_yard,
            R"({"brightness": 13, "gain": 7, "auto_exposure": 2, "reset": 5, "none": 1,)"
            R"("auto_focus": [1]})");
        CHECK(answer.response.status == 422);
        CHECK(answer.field("Content-Type") == "application/problem+json");
        const auto words = answer.json();
        CHECK(words["status"] == 422);
        CHECK(words["refused"].size() == 5);
        for (const auto& refused : words["refused"]) {
            CHECK(refused["id"] != "brightness");
            CHECK_FALSE(refused["why"].get<std::string>().empty());
        }
        CHECK(value_of(house.get(controls_of_yard).json(), "brightness") == 128);
    }

    TEST_CASE("what the device does not take is told as unmet") {
        House house;
        house.watch(0);
        const auto words =
            house.patch(controls_of_yard, R"({"stubborn": 0.7, "brightness": 1})").json();
        REQUIRE(words["unmet"].size() == 1);
        CHECK(words["unmet"][0]["id"] == "stubborn");
        CHECK(words["unmet"][0]["why"] == "the camera says 0.5");
        CHECK(value_of(words, "brightness") == 1);
    }

    TEST_CASE("a camera that is closed and has told nothing is a conflict") {
        House house;
        CHECK(house.patch(controls_of_yard, R"({"brightness": 1})").response.status == 409);
    }

    TEST_CASE("what is no JSON object, or does not say that it is JSON, is refused") {
        House house;
        house.watch(0);
        for (const char* body : {"", "{", "[1]", "12", "{\"brightness\": 1e999}"})
            CHECK(house.patch(controls_of_yard, body).response.status == 400);
        CHECK(house.ask(Method::patch, controls_of_yard, "{}").response.status == 415);
        CHECK(house.patch(controls_of_yard, "{}").response.status == 200);
    }

    TEST_CASE("a page of somewhere else may not") {
        House house;
        house.watch(0);
        const auto& answer = house.ask(
            Method::patch, controls_of_yard, R"({"brightness": 1})",
            {{"Content-Type", "application/json"}, {"Origin", "http://elsewhere.example"}});
        CHECK(answer.response.status == 403);
        CHECK(answer.field("Content-Type") == "application/problem+json");
    }

    TEST_CASE("the gate hears that it takes the right to control") {
        std::vector<http::Scope> asked;
        House house([&asked](const http::Access& access) -> std::optional<http::Response> {
            asked.push_back(access.scope);
            return std::nullopt;
        });
        house.patch(controls_of_yard, "{}");
        house.get(controls_of_yard);
        house.get("/?action=command&id=-1");
        CHECK(asked == std::vector{http::Scope::control, http::Scope::view, http::Scope::control});
    }
}
