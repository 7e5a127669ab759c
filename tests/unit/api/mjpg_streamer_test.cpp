// The addresses of other servers that change controls: mjpg-streamer's as Octolapse uses them, and
// camera-streamer's.
#include "endpoints/mjpg_streamer.hpp"

#include <doctest/doctest.h>

#include <string>

#include "unit/api/house.hpp"

using namespace onlooker;
using test::House;

namespace {

double brightness(House& house) {
    return house.cameras[0]->controls().front().value;
}

bool is_mjpg_streamer(const House::Asked& asked) {
    return asked.response.status == 200 && asked.field("Server").starts_with("MJPG-Streamer");
}

}  // namespace

TEST_SUITE("controls by other servers' addresses") {
    TEST_CASE("Octolapse finds mjpg-streamer by a snapshot, and tries a command that is none") {
        House house;
        house.watch(0);
        CHECK(is_mjpg_streamer(house.get("/?action=snapshot")));
        const auto& tried = house.get("/?action=command&id=-1");
        CHECK(is_mjpg_streamer(tried));
        CHECK(tried.body().starts_with("-1: -1\n"));
        CHECK(house.get("/snapshot").field("Server").empty());
    }

    TEST_CASE("controls are listed with the kernel's numbers, as strings, and set by them") {
        House house;
        house.watch(0);
        const auto& asked = house.get("/input.json");
        CHECK(is_mjpg_streamer(asked));
        const auto controls = asked.json()["controls"];
        REQUIRE(controls.size() == 6);
        CHECK(controls[0]["id"] == "9963776");
        CHECK(controls[0]["type"] == "1");
        CHECK(controls[0]["max"] == "255");
        CHECK(controls[0]["value"] == "128");
        CHECK(controls[0]["group"] == "1");
        CHECK(controls[2]["menu"]["1"] == "Manual Mode");
        const auto& set = house.get("/?action=command&dest=0&plugin=0&id=9963776&group=1&value=12");
        CHECK(is_mjpg_streamer(set));
        CHECK(set.body() == "9963776: 0\n");
        CHECK(brightness(house) == 12);
        for (const auto& control : controls)
            CHECK(std::stoll(control["id"].get<std::string>()) > 0);
    }

    TEST_CASE("what the camera does not take is -1, in its words, and why, in ours") {
        House house;
        house.watch(0);
        CHECK(house.get("/?action=command&id=9963776&value=256").body() ==
              "9963776: -1\nit takes 0 to 255, whole numbers only.\n");
        CHECK(house.get("/?action=command&id=stubborn&value=0.7").body() ==
              "stubborn: -1\nthe camera did not take it.\n");
        CHECK(house.get("/?action=command&id=9963776&value=x").body().starts_with("9963776: -1\n"));
        CHECK(house.get("/?action=command&value=1").response.status == 400);
        CHECK(house.get("/?action=command&plugin=7&id=1").response.status == 404);
        CHECK(brightness(house) == 128);
    }

    TEST_CASE("a HEAD changes nothing, and neither does a page of somewhere else") {
        House house;
        house.watch(0);
        const std::string command = "/?action=command&id=9963776&value=12";
        CHECK(house.ask(http::Method::head, command).response.status == 200);
        const std::vector<std::vector<http::Header>> foreign{
            {{"Sec-Fetch-Site", "cross-site"}},
            {{"User-Agent", "Mozilla/5.0 (X11)"}},
            {{"User-Agent", "Mozilla/5.0 (X11)"}, {"Referer", "http://elsewhere.example/"}}};
        for (const auto& headers : foreign) {
            CHECK(house.ask(http::Method::get, command, {}, headers).response.status == 403);
            CHECK(house.ask(http::Method::get, "/option?key=brightness&value=12", {}, headers)
                      .response.status == 403);
        }
        CHECK(brightness(house) == 128);
        house.ask(http::Method::get, command, {},
                  {{"User-Agent", "Mozilla/5.0"}, {"Referer", "http://cam.local:5000/"}});
        CHECK(brightness(house) == 12);
    }

    TEST_CASE("cameras are inputs, and count from 0") {
        House house;
        CHECK(house.get("/input_1.json").response.status == 200);
        CHECK(house.get("/input_2.json").response.status == 404);
        CHECK(house.get("/output.json").json()["controls"].empty());
        const auto inputs = house.get("/program.json").json()["inputs"];
        REQUIRE(inputs.size() == 2);
        CHECK(inputs[1]["name"] == "bed");
        CHECK(inputs[1]["id"] == "1");
    }

    TEST_CASE("camera-streamer's status and options") {
        House house;
        house.watch(0);
        const auto status = house.get("/status").json();
        CHECK(status["endpoints"]["stream"]["enabled"] == true);
        CHECK(status["endpoints"]["stream"]["uri"] == "http://cam.local:5000/stream");
        CHECK(status["endpoints"]["webrtc"]["enabled"] == false);
        CHECK(status["outputs"]["snapshot"]["width"] == 16);
        const auto& set = house.get("/option?device=CAMERA&key=Brightness&value=20");
        CHECK(set.response.status == 200);
        CHECK(set.body().starts_with("The 'Brightness' was set to '20'."));
        CHECK(brightness(house) == 20);
        CHECK(house.get("/option?key=Brightness&value=x").response.status == 500);
        CHECK(house.get("/option?key=none&value=1").response.status == 500);
        CHECK(house.get("/option").body().find("brightness: 20 (0 to 255") != std::string::npos);
    }

    TEST_CASE("go2rtc's addresses name the camera by src") {
        House house;
        house.watch(1);
        CHECK(house.get("/api/frame.jpeg?src=bed").field("Content-Type") == "image/jpeg");
        CHECK(house.get("/api/frame.jpeg?src=roof").response.status == 404);
        CHECK(house.ask(http::Method::head, "/api/stream.mjpeg?src=bed").response.status == 200);
    }
}
