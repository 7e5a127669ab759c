// Upstreams that end, break off or are busy for a moment, and are asked again without a fault.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;
using onlooker::camera::Retry;

namespace {

// A snapshot, but for each second request.
UpstreamDouble busy_each_second_time(const std::string& answer) {
    return UpstreamDouble([answer, request = 0](Visit& visit) mutable {
        while (!visit.read_request().empty())
            visit.send(++request % 2 == 0 ? answer : snapshot(jpeg(std::to_string(request))));
    });
}

}  // namespace

TEST_SUITE("breaks of a relay") {
    TEST_CASE("a stream that ends is asked for again, at the pace of fps") {
        const UpstreamDouble ending([](Visit& visit) {
            visit.read_request();
            const std::string number = std::to_string(visit.number());
            visit.send(stream_head + part(jpeg(number + " one")) + part(jpeg(number + " two")));
        });
        FakeCaptureContext context;
        const auto driver = relay(ending.url(), {{"fps", "20"}});
        auto frames = driver->frames(context);
        const auto begin = std::chrono::steady_clock::now();
        CHECK(picture_of(*frames.next()) == jpeg("1 one"));
        CHECK(picture_of(*frames.next()) == jpeg("2 one"));
        CHECK(picture_of(*frames.next()) == jpeg("3 one"));
        CHECK(std::chrono::steady_clock::now() - begin >= 100ms);
    }

    TEST_CASE("one picture in a multipart is a snapshot, over one connection") {
        const UpstreamDouble upstream([](Visit& visit) {
            for (int i = 1; !visit.read_request().empty(); ++i) {
                const std::string picture =
                    jpeg(std::to_string(visit.number()) + " " + std::to_string(i));
                visit.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n" +
                    length(picture) + "\r\n" + picture);
            }
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "50"}});
        auto frames = driver->frames(context);
        for (const char* expected : {"1 1", "1 2", "1 3"})
            CHECK(picture_of(*frames.next()) == jpeg(expected));
    }

    TEST_CASE("a camera that is busy for a moment is asked again, and the log is told why") {
        for (const auto& [answer, words] :
             {std::pair{"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"s,
                        "503"s},
              std::pair{"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\n"
                        "Device Busy\r\n"s,
                        "text/plain"s},
              std::pair{"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 0\r\n\r\n"s,
                        "no whole picture"s}}) {
            CAPTURE(answer);
            const UpstreamDouble upstream = busy_each_second_time(answer);
            FakeCaptureContext context;
            const auto driver = relay(upstream.url(), {{"fps", "50"}});
            auto frames = driver->frames(context);
            CHECK(picture_of(*frames.next()) == jpeg("1"));
            CHECK(frames.next() != nullptr);
            REQUIRE(context.warnings().size() >= 1);
            CHECK(context.warnings()[0].find(words) != std::string::npos);
            CHECK(context.warnings()[0].find("its last picture stays") != std::string::npos);
        }
    }

    TEST_CASE("a camera that stays busy is a fault, in its own words") {
        const UpstreamDouble upstream([request = 0](Visit& visit) mutable {
            while (!visit.read_request().empty())
                visit.send(++request == 1 ? snapshot(jpeg("1"))
                                          : "HTTP/1.1 503 Service Unavailable\r\nContent-Length: "
                                            "0\r\n\r\n"s);
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "10"}});
        auto frames = driver->frames(context);
        REQUIRE(frames.next() != nullptr);
        const auto begin = std::chrono::steady_clock::now();
        try {
            frames.next();
            FAIL("it is not said to be busy");
        } catch (const CameraError& error) {
            CHECK(error.kind() == ErrorKind::busy);
        }
        CHECK(std::chrono::steady_clock::now() - begin > 2s);
    }

    TEST_CASE("a refused login says that trying again may lock the camera") {
        for (const char* status : {"401 Unauthorized", "403 Forbidden"}) {
            const std::string answer = "HTTP/1.1 "s + status + "\r\nContent-Length: 0\r\n\r\n";
            const auto upstream = answering(answer);
            CHECK(error_of(upstream.url()).retry() == Retry::locks_out);
        }
        const auto busy = answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        CHECK(error_of(busy.url()).retry() == Retry::harmless);
    }

    TEST_CASE("parts that are no pictures are told while they come") {
        const UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send(stream_head);
            while (
                visit.send("Content-Type: image/gif\r\nContent-Length: 20\r\n\r\n"
                           "GIF89a and 14 more..\r\n--frame\r\n"))
                visit.wait(50ms);
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"timeout", "0.5"}});
        auto frames = driver->frames(context);
        CHECK_THROWS_AS(frames.next(), CameraError);
        CHECK(context.silence() ==
              upstream.url() + " sends GIF (\"image/gif\"), and only JPEG can be shown");
    }
}
