#include "clips/clip_query.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/message/request.hpp"

using namespace onlooker;
using namespace std::chrono_literals;
using clips::ClipQuery;
using clips::Format;

namespace {

const std::vector<std::string> all_formats{"mkv", "mp4", "avi"};

std::variant<ClipQuery, http::Response> ask(std::string_view query,
                                            std::chrono::milliseconds pre_roll = 0s) {
    return clips::clip_query(http::Query::parse(query),
                             {.formats = all_formats, .pre_roll = pre_roll});
}

ClipQuery asked(std::string_view query, std::chrono::milliseconds pre_roll = 0s) {
    const auto answer = ask(query, pre_roll);
    REQUIRE(std::holds_alternative<ClipQuery>(answer));
    return std::get<ClipQuery>(answer);
}

// The words of the 400; empty: it was taken.
std::string refusal(std::string_view query, std::chrono::milliseconds pre_roll = 0s) {
    const auto answer = ask(query, pre_roll);
    const auto* const response = std::get_if<http::Response>(&answer);
    if (response == nullptr)
        return {};
    CHECK(response->status == 400);
    return std::get<std::string>(response->body);
}

bool contains(const std::string& text, std::string_view piece) {
    return text.find(piece) != std::string::npos;
}

}  // namespace

TEST_SUITE("what a clip is asked for") {
    TEST_CASE("nothing is thirty seconds in the first format, every frame") {
        for (const char* query : {"", "seconds=&format=&every=&pre_roll=", "width=640&foo=bar"}) {
            const ClipQuery query_of = asked(query);
            CHECK(query_of.seconds == 30s);
            CHECK(query_of.format == Format::mkv);
            CHECK(query_of.every == 0s);
            CHECK_FALSE(query_of.pre_roll);
        }
    }

    TEST_CASE("seconds, to the millisecond, in any of the formats") {
        const ClipQuery query = asked("seconds=2.5&format=avi");
        CHECK(query.seconds == 2'500ms);
        CHECK(query.format == Format::avi);
        CHECK(asked("seconds=3600&format=mp4").format == Format::mp4);
    }

    TEST_CASE("a clip lasts an hour at most, a time-lapse a week") {
        CHECK(contains(refusal("seconds=3601"), "0.1 to 3600 seconds; with every= up to a week"));
        CHECK(asked("seconds=604800&every=10").every == 10s);
        CHECK(contains(refusal("seconds=604801&every=10"), "0.1 to 604800 seconds"));
    }

    TEST_CASE("what is no such number is refused, and said again") {
        for (const char* query : {"seconds=0", "seconds=-1", "seconds=ten", "seconds=nan",
                                  "seconds=inf", "seconds=1e9", "seconds=3%20"}) {
            CAPTURE(query);
            CHECK((query == std::string("seconds=3%20") || contains(refusal(query), "seconds=")));
        }
        CHECK(contains(refusal("every=0.01"), "every=0.01: every is the seconds between"));
        CHECK(contains(refusal("every=3601"), "0.1 to 3600"));
    }

    TEST_CASE("a format that there is not is refused with those that there are") {
        CHECK(contains(refusal("format=webm"),
                       "format=webm: a clip's format is one of mkv, mp4, avi."));
        const std::vector<std::string> one{"mkv"};
        const auto answer = clips::clip_query(http::Query::parse("format=avi"), {.formats = one});
        CHECK(std::holds_alternative<http::Response>(answer));
    }

    TEST_CASE("a clip begins as far back as the server keeps pictures, and no further") {
        CHECK(asked("pre_roll=3", 5s).pre_roll == 3s);
        CHECK(asked("pre_roll=0").pre_roll == 0s);
        CHECK(contains(refusal("pre_roll=6", 5s), "0 to 5 seconds (--pre-roll)"));
        CHECK(contains(refusal("pre_roll=1"), "--pre-roll was not given"));
        CHECK(contains(refusal("pre_roll=1&every=10", 5s), "contradict"));
        CHECK(asked("pre_roll=0&every=10", 5s).every == 10s);
    }
}
