// The text of /metrics, in both formats.
#include "api/exposition.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace onlooker;
using api::Exposition;
using Format = Exposition::Format;
using Type = Exposition::Type;

namespace {

std::string sample_of(Format format) {
    Exposition text(format);
    text.family("it_frames", Type::counter, "Frames.");
    text.add({{"camera", "a\"b\\c\nd"}}, 3);
    text.add({}, 1e15);
    text.family("it", Type::info, "What.");
    text.add({{"version", "1"}}, 1);
    return std::move(text).finish();
}

}  // namespace

TEST_SUITE("exposition") {
    TEST_CASE("Prometheus has _total in the name of a counter's family, OpenMetrics has not") {
        CHECK(sample_of(Format::prometheus) ==
              "# HELP it_frames_total Frames.\n# TYPE it_frames_total counter\n"
              "it_frames_total{camera=\"a\\\"b\\\\c\\nd\"} 3\nit_frames_total 1000000000000000\n"
              "# HELP it_info What.\n# TYPE it_info gauge\nit_info{version=\"1\"} 1\n");
        CHECK(sample_of(Format::open_metrics) ==
              "# HELP it_frames Frames.\n# TYPE it_frames counter\n"
              "it_frames_total{camera=\"a\\\"b\\\\c\\nd\"} 3\nit_frames_total 1000000000000000\n"
              "# HELP it What.\n# TYPE it info\nit_info{version=\"1\"} 1\n# EOF\n");
    }

    TEST_CASE("the buckets of a histogram add up") {
        Histogram times;
        times.add(std::chrono::milliseconds(1));
        times.add(std::chrono::milliseconds(3));
        times.add(std::chrono::seconds(9));
        times.add(std::chrono::seconds(-1));
        Exposition text(Format::prometheus);
        text.family("it_seconds", Type::histogram, "Times.");
        text.add({{"camera", "a"}}, times);
        const std::string all = std::move(text).finish();
        const auto has = [&all](const char* line) { return all.find(line) != std::string::npos; };
        CHECK(has("it_seconds_bucket{camera=\"a\",le=\"0.0001\"} 1\n"));
        CHECK(has("it_seconds_bucket{camera=\"a\",le=\"0.001\"} 2\n"));
        CHECK(has("it_seconds_bucket{camera=\"a\",le=\"0.005\"} 3\n"));
        CHECK(has("it_seconds_bucket{camera=\"a\",le=\"1.0\"} 3\n"));
        CHECK(has("it_seconds_bucket{camera=\"a\",le=\"+Inf\"} 4\n"));
        CHECK(has("it_seconds_count{camera=\"a\"} 4\n"));
        CHECK(has("it_seconds_sum{camera=\"a\"} 9.004"));
    }

    TEST_CASE("who asks for OpenMetrics is given that") {
        CHECK(api::format_for("application/openmetrics-text;version=1.0.0,text/plain;q=0.5") ==
              Format::open_metrics);
        CHECK(api::format_for("text/html, */*") == Format::prometheus);
        CHECK(api::format_for("") == Format::prometheus);
    }
}
