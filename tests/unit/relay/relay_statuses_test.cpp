// Every status, to a plain and to a conditional request.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relay/pull.hpp"
#include "relay/relay_settings.hpp"
#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;
using onlooker::camera::Retry;
using onlooker::drivers::Pull;

namespace {

struct Answered {
    std::size_t pictures = 0;
    std::optional<CameraError> error;
};

// One request, in so many steps at the most.
Answered ask(Pull& pull) {
    FakeCaptureContext context;
    Answered answered;
    try {
        pull.ask();
        bool goes_on = true;
        for (int step = 0; goes_on && step < 1000; ++step) {
            goes_on = pull.advance(context);
            while (auto frame = pull.take()) {
                ++answered.pictures;
                pull.give_back(std::move(*frame));
            }
        }
        REQUIRE_FALSE(goes_on);
        pull.conclude();
    } catch (const CameraError& error) {
        answered.error = error;
    }
    return answered;
}

Pull pull_of(const std::string& url) {
    auto settings = onlooker::drivers::relay::parse_options(
        {.camera_name = "far", .source = url, .values = {}});
    settings.silence = 2s;
    return {settings, {}, "1.1 test"};
}

// The status is the path's first three digits; with "p" behind them a picture is the body, with "c"
// it is the answer to a conditional request, and a plain one gets a picture.
UpstreamDouble answering_with_status() {
    return UpstreamDouble([](Visit& visit) {
        for (std::string request; !(request = visit.read_request()).empty();) {
            const std::string path = request.substr(5, 4);
            const bool is_conditional = request.find("If-None-Match: \"tag\"") != std::string::npos;
            const std::string body = path[3] == 'p' ? jpeg("body") : "";
            if (path[3] == 'c' && !is_conditional)
                visit.send(snapshot(jpeg("first"), "ETag: \"tag\"\r\n"));
            else
                visit.send(
                    fmt::format("HTTP/1.1 {} Words\r\nContent-Type: image/jpeg\r\n"
                                "Content-Length: {}\r\n\r\n{}",
                                path.substr(0, 3), body.size(), body));
        }
    });
}

ErrorKind kind_of(int status) {
    switch (status) {
        case 204:
        case 205:
            return ErrorKind::no_signal;
        case 401:
        case 403:
        case 407:
            return ErrorKind::no_permission;
        case 404:
        case 410:
            return ErrorKind::not_found;
        case 429:
        case 503:
            return ErrorKind::busy;
        default:
            return ErrorKind::failed;
    }
}

bool may_bring_a_picture(int status) {
    return status / 100 == 2 && status != 204 && status != 205;
}

void check_refused(int status, const Answered& answered) {
    CHECK(answered.pictures == 0);
    REQUIRE(answered.error);
    const std::string words = answered.error->what();
    CAPTURE(words);
    CHECK(answered.error->kind() == kind_of(status));
    const bool locks = status == 401 || status == 403 || status == 407;
    CHECK(answered.error->retry() == (locks ? Retry::locks_out : Retry::harmless));
    CHECK(words.find("http://127.0.0.1:") != words.npos);
    CHECK(words.find(may_bring_a_picture(status) ? "no whole picture"s : std::to_string(status)) !=
          words.npos);
}

constexpr int lowest = 200;
constexpr int highest = 599;

}  // namespace

TEST_SUITE("statuses of an upstream") {
    TEST_CASE("to a plain request without a body: each is a fault, of its kind, that says which") {
        const auto upstream = answering_with_status();
        for (int status = lowest; status <= highest; ++status) {
            CAPTURE(status);
            Pull pull = pull_of(upstream.url("/" + std::to_string(status)));
            check_refused(status, ask(pull));
        }
    }

    TEST_CASE("to a plain request with a picture: the good ones show it, no other does") {
        const auto upstream = answering_with_status();
        for (int status = lowest; status <= highest; ++status) {
            CAPTURE(status);
            Pull pull = pull_of(upstream.url("/" + std::to_string(status) + "p"));
            const Answered answered = ask(pull);
            if (may_bring_a_picture(status)) {
                CHECK(answered.pictures == 1);
                CHECK_FALSE(answered.error);
            } else {
                check_refused(status, answered);
            }
        }
    }

    TEST_CASE(
        "to a conditional request: 304 is no fault, each other one is what it is to a plain one") {
        const auto upstream = answering_with_status();
        for (int status = lowest; status <= highest; ++status) {
            CAPTURE(status);
            Pull pull = pull_of(upstream.url("/" + std::to_string(status) + "c"));
            const Answered first_answer = ask(pull);
            REQUIRE(first_answer.pictures == 1);
            REQUIRE_FALSE(first_answer.error);
            const Answered answered = ask(pull);
            if (status == 304) {
                CHECK(answered.pictures == 0);
                CHECK_FALSE(answered.error);
                CHECK(pull.unchanged_for(0s) != nullptr);
            } else {
                check_refused(status, answered);
                CHECK(pull.unchanged_for(0s) == nullptr);
            }
        }
    }

    TEST_CASE("304 that nobody asked for is told as such") {
        const auto upstream = answering("HTTP/1.1 304 Not Modified\r\n\r\n");
        CHECK(error_of(upstream.url()).what() ==
              upstream.url() +
                  " says that its picture is unchanged (status 304), but has shown none before");
    }

    TEST_CASE("a redirect without Location says that it leads nowhere") {
        for (const char* status : {"300 Many", "301 Moved", "302 Found", "303 Other", "305 Proxy",
                                   "307 Temporary", "308 Permanent"}) {
            const std::string answer = "HTTP/1.1 "s + status + "\r\nContent-Length: 0\r\n\r\n";
            const auto upstream = answering(answer);
            CHECK(error_of(upstream.url()).what() ==
                  upstream.url() + " redirects and does not say where to (status " +
                      std::string(status).substr(0, 3) + ")");
        }
    }

    TEST_CASE("interim responses go before the answer, and are not taken for it") {
        const UpstreamDouble upstream([](Visit& visit) {
            for (int i = 0; !visit.read_request().empty(); ++i)
                visit.send(
                    "HTTP/1.1 102 Processing\r\nETag: \"interim\"\r\n\r\n"
                    "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" +
                    snapshot(jpeg(std::to_string(i))));
        });
        const Watched watched = watch(upstream.url(), 3, {{"fps", "50"}});
        CHECK(watched.pictures == std::vector{jpeg("0"), jpeg("1"), jpeg("2")});
    }

    TEST_CASE("a part of a picture that nobody asked for is judged by what comes") {
        const auto whole = answering(
            "HTTP/1.1 206 Partial Content\r\nContent-Type: image/jpeg\r\nContent-Range: bytes "
            "0-9/10\r\nConnection: close\r\n\r\n" +
            jpeg("whole"));
        CHECK(watch(whole.url(), 1).pictures == std::vector{jpeg("whole")});
    }
}
