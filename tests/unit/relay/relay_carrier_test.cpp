// Pictures that are whole although what carried them is not, and what is asked of a connection that
// was kept.
#include <doctest/doctest.h>

#include <cstdio>
#include <functional>
#include <string>

#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace onlooker::test;
using onlooker::camera::Captured;

namespace {

std::string head_of(const std::string& fields) {
    return "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n" + fields + "\r\n";
}

// The first three pictures that are shown of an upstream which answers each request so.
void shows(const std::function<std::string(const std::string& picture)>& answer) {
    const UpstreamDouble upstream([&](Visit& visit) {
        while (!visit.read_request().empty())
            visit.send(answer(jpeg("whole")));
    });
    FakeCaptureContext context;
    const auto driver = relay(upstream.url("/shot.jpg"), {{"fps", "20"}});
    auto frames = driver->frames(context);
    for (int i = 0; i < 3; ++i) {
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(picture_of(*captured) == jpeg("whole"));
    }
}

}  // namespace

TEST_SUITE("whole pictures in broken carriers") {
    TEST_CASE("a length that promises more, on a connection that stays open") {
        shows([](const std::string& picture) {
            return head_of("Content-Length: " + std::to_string(picture.size() + 48) + "\r\n") +
                   picture;
        });
    }

    TEST_CASE("a chunked answer whose last chunk does not come") {
        shows([](const std::string& picture) {
            char size[16];
            std::snprintf(size, sizeof size, "%zx", picture.size());
            return head_of("Transfer-Encoding: chunked\r\n") + size + "\r\n" + picture + "\r\n";
        });
    }

    TEST_CASE("zeros behind the end mark") {
        shows([](const std::string& picture) {
            const std::string filled = picture + std::string(20, '\0');
            return head_of("Content-Length: " + std::to_string(filled.size()) + "\r\n") + filled;
        });
    }

    TEST_CASE("each of twelve kept connections that died meanwhile is replaced") {
        const UpstreamDouble upstream([](Visit& visit) {
            if (!visit.read_request().empty())
                visit.send(snapshot(jpeg("visit " + std::to_string(visit.number()))));
            // It takes the next request, and closes without a word.
            visit.read_request();
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "50"}});
        auto frames = driver->frames(context);
        for (int i = 1; i <= 12; ++i) {
            CAPTURE(i);
            const Captured* captured = frames.next();
            REQUIRE(captured != nullptr);
            CHECK(picture_of(*captured) == jpeg("visit " + std::to_string(i)));
        }
    }
}
