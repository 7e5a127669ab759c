// What /metrics tells of cameras, viewers and refusals.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "unit/api/house.hpp"

using namespace onlooker;
using test::House;

namespace {

// Of the line that begins so; -1: there is none.
double value_in(const std::string& text, const std::string& series) {
    const auto at = text.find("\n" + series + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + series.size() + 2));
}

}  // namespace

TEST_SUITE("metrics") {
    TEST_CASE("each frame that is published is counted and measured once") {
        House house;
        house.watch(0);
        const std::string text = house.get("/metrics").body();
        const auto published = house.cameras[0]->counts().frames;
        const double told = value_in(text, "onlooker_frames_published_total{camera=\"yard\"}");
        CHECK(told >= 1);
        CHECK(told <= static_cast<double>(published));
        CHECK(value_in(text, "onlooker_frame_age_seconds_count{camera=\"yard\"}") == told);
        CHECK(value_in(text, "onlooker_loop_lag_seconds_count{camera=\"yard\"}") == told);
        CHECK(value_in(text, "onlooker_encode_seconds_bucket{camera=\"yard\",le=\"+Inf\"}") ==
              told);
        CHECK(value_in(text, "onlooker_published_bytes_total{camera=\"yard\"}") > 100 * told);
        CHECK(value_in(text, "onlooker_frames_lost_total{camera=\"bed\",cause=\"device\"}") == 0);
        CHECK(value_in(text, "onlooker_viewers{camera=\"yard\"}") == 1);
        CHECK(value_in(text, "onlooker_viewers{camera=\"bed\"}") == 0);
        CHECK(value_in(text, "onlooker_camera_state{camera=\"yard\",state=\"live\"}") == 1);
        CHECK(value_in(text, "onlooker_camera_state{camera=\"bed\",state=\"idle\"}") == 1);
        CHECK(value_in(text, "onlooker_build_info{version=\"1.2.3\"}") == 1);
    }

    TEST_CASE("what it takes to make another picture of one is measured for each camera") {
        House house;
        house.cameras[1]->note_variant(std::chrono::milliseconds(3));
        const std::string text = house.get("/metrics").body();
        const std::string name = "onlooker_variant_encode_seconds";
        CHECK(value_in(text, name + "_count{camera=\"yard\"}") == 0);
        CHECK(value_in(text, name + "_count{camera=\"bed\"}") == 1);
        CHECK(value_in(text, name + "_bucket{camera=\"bed\",le=\"0.0025\"}") == 0);
        CHECK(value_in(text, name + "_bucket{camera=\"bed\",le=\"0.005\"}") == 1);
    }

    TEST_CASE("refused requests are counted by their status") {
        House house;
        house.get("/nonesuch");
        house.get("/api/v1/cameras/roof");
        house.patch("/api/v1/cameras/yard/controls", "{}");
        const std::string text = house.get("/metrics").body();
        CHECK(value_in(text, "onlooker_requests_refused_total{status=\"404\"}") == 2);
        CHECK(value_in(text, "onlooker_requests_refused_total{status=\"409\"}") == 1);
    }

    TEST_CASE("the format is the one that was asked for") {
        House house;
        CHECK(house.get("/metrics").field("Content-Type") ==
              "text/plain; version=0.0.4; charset=utf-8");
        const auto& open = house.ask(http::Method::get, "/metrics", {},
                                     {{"Accept", "application/openmetrics-text; version=1.0.0"}});
        CHECK(open.field("Content-Type") ==
              "application/openmetrics-text; version=1.0.0; charset=utf-8");
        CHECK(open.body().ends_with("\n# EOF\n"));
    }
}
