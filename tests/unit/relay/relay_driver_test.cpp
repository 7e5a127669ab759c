#include "relay/relay_driver.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <thread>

#include "support/driver_contract.hpp"
#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::camera::CameraError;
using onlooker::camera::Captured;
using onlooker::camera::ErrorKind;

TEST_SUITE("relay driver") {
    TEST_CASE("passes the pictures of a stream on as they are, with their stamps") {
        const UpstreamDouble streaming([](Visit& visit) {
            visit.read_request();
            visit.send(stream_head + part(jpeg("one"), "X-Timestamp: 1700000000.500000\r\n") +
                       part(jpeg("two")));
        });
        FakeCaptureContext context;
        const auto driver = relay(streaming.url());
        auto frames = driver->frames(context);
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(picture_of(*captured) == jpeg("one"));
        CHECK(captured->wall == std::chrono::system_clock::time_point(1700000000500ms));
        captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(picture_of(*captured) == jpeg("two"));
        CHECK_FALSE(captured->wall);
    }

    TEST_CASE("keeps the contract of drivers") {
        UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send(stream_head);
            while (visit.send(part(jpeg("one"))))
                visit.wait(5ms);
        });
        Plug plug;
        // A stream that ends is asked for again, and then nobody is there.
        plug.ends_with = ErrorKind::not_found;
        plug.unplug = [&] { upstream.leave(); };
        plug.replug = [&] { upstream.come_back(); };
        check_driver_contract({
            .name = "relay",
            .make = [&] { return relay(upstream.url(), {{"fps", "100"}}); },
            .plug = plug,
            .control = Without("an upstream's controls are its own"),
        });
    }

    TEST_CASE("understands chunked transfer") {
        const std::string body = "--frame\r\n" + part(jpeg("one"));
        const std::string answer =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            "Content-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n5\r\n" +
            body.substr(0, 5) + "\r\n" + fmt::format("{:x}", body.size() - 5) + "\r\n" +
            body.substr(5) + "\r\n0\r\n\r\n";
        const auto upstream = answering(answer);
        FakeCaptureContext context;
        const auto driver = relay(upstream.url());
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("one"));
    }

    TEST_CASE("a snapshot is asked for again at its rate, conditionally, over one connection") {
        const UpstreamDouble upstream([](Visit& visit) {
            std::string before;
            for (int i = 1;; ++i) {
                const std::string request = visit.read_request();
                if (request.empty())
                    return;
                const bool knows = request.find("If-None-Match: \"tag\"\r\n") != request.npos &&
                                   request.find("If-Modified-Since: Tue, 14") != request.npos;
                if (i == 2)
                    visit.send(knows ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                                     : "HTTP/1.1 400 Bad Request\r\n\r\n");
                else
                    visit.send(snapshot(jpeg("connection " + std::to_string(visit.number()) +
                                             " request " + std::to_string(i)),
                                        "ETag: \"tag\"\r\nX-Timestamp: 1700000000.5\r\n"
                                        "Date: Tue, 14 Nov 2023 22:13:22 GMT\r\n"
                                        "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n"));
            }
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url("/shot.jpg"), {{"fps", "50"}});
        auto frames = driver->frames(context);
        const auto begin = std::chrono::steady_clock::now();
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(captured->wall == std::chrono::system_clock::time_point(1700000000500ms));
        CHECK(picture_of(*captured) == jpeg("connection 1 request 1"));
        CHECK(picture_of(*frames.next()) == jpeg("connection 1 request 3"));
        CHECK(picture_of(*frames.next()) == jpeg("connection 1 request 4"));
        CHECK(std::chrono::steady_clock::now() - begin >= 60ms);
    }

    TEST_CASE("a snapshot that stays the same is passed on again once a second, with its stamp") {
        const UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send(snapshot(jpeg("same"), "ETag: \"tag\"\r\nX-Timestamp: 1700000000.5\r\n"));
            while (!visit.read_request().empty())
                visit.send("HTTP/1.1 304 Not Modified\r\n\r\n");
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "50"}});
        auto frames = driver->frames(context);
        frames.next();
        const auto begin = std::chrono::steady_clock::now();
        const Captured* again = frames.next();
        CHECK(std::chrono::steady_clock::now() - begin > 900ms);
        REQUIRE(again != nullptr);
        CHECK(picture_of(*again) == jpeg("same"));
        CHECK(again->wall == std::chrono::system_clock::time_point(1700000000500ms));
    }

    TEST_CASE("a picture in chunks, or ended by closing, is a snapshot too") {
        const UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send("HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" +
                       jpeg(std::to_string(visit.number())));
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "100"}});
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("1"));
        CHECK(picture_of(*frames.next()) == jpeg("2"));
    }

    TEST_CASE("of a stream, fps pictures per second are passed on at most") {
        std::string answer = stream_head;
        for (int i = 0; i < 20; ++i)
            answer += part(jpeg(std::to_string(i)));
        const auto upstream = answering(answer);
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "2"}});
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("0"));
        // Of the next stream.
        CHECK(picture_of(*frames.next()) == jpeg("0"));
    }

    TEST_CASE("a stop is minded at once, wherever it waits") {
        for (const std::string& beginning : {""s, stream_head, snapshot(jpeg("one"))}) {
            CAPTURE(beginning);
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send(beginning);
                visit.wait(5s);
            });
            FakeCaptureContext context;
            const auto driver = relay(upstream.url(), {{"fps", "0.1"}});
            std::chrono::steady_clock::time_point asked;
            std::jthread stopper([&] {
                std::this_thread::sleep_for(100ms);
                asked = std::chrono::steady_clock::now();
                context.request_stop();
            });
            {
                auto frames = driver->frames(context);
                while (frames.next() != nullptr) {
                }
            }
            const auto ended = std::chrono::steady_clock::now();
            stopper.join();
            CHECK(ended - asked < 100ms);
        }
    }

    TEST_CASE("a control change that waits costs no spinning") {
        const UpstreamDouble upstream([&](Visit& visit) {
            visit.read_request();
            visit.send(stream_head);
            visit.wait(100ms);
            visit.send(part(jpeg("one")));
            visit.wait(5s);
        });
        FakeCaptureContext context;
        context.change_control("brightness", 1);
        const auto driver = relay(upstream.url());
        auto frames = driver->frames(context);
        REQUIRE(frames.next() != nullptr);
        CHECK(context.take_control_changes().empty());
    }
}
