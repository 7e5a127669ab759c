// Pictures that are whole although what carries them is not: wrong lengths, missing ends,
// connections that stay open or break.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::chrono_literals;
using namespace onlooker::test;

namespace {

enum class End : std::uint8_t { closes, stays_open };

std::string headed(const std::string& fields, const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n" + fields + "\r\n" + body;
}

std::string counted(std::size_t length, const std::string& body) {
    return headed(fmt::format("Content-Length: {}\r\n", length), body);
}

// A multipart answer with one part, whose length says so many octets more than there are.
std::string one_part(const std::string& picture, int more) {
    return stream_head +
           fmt::format("Content-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
                       static_cast<int>(picture.size()) + more) +
           picture;
}

struct Carrier {
    std::string name;
    std::function<std::string(const std::string& picture)> carry;
};

const std::vector<Carrier> carriers{
    {"48 octets fewer than announced",
     [](const std::string& picture) { return counted(picture.size() + 48, picture); }},
    {"far fewer than announced",
     [](const std::string& picture) { return counted(picture.size() + 1'000'000, picture); }},
    {"zeros behind it, fewer than announced",
     [](const std::string& picture) {
         return counted(picture.size() + 200'000, picture + std::string(100'000, '\0'));
     }},
    {"a preview behind it",
     [](const std::string& picture) {
         return counted(picture.size() + 5000, picture + jpeg("preview"));
     }},
    {"chunked, without the last chunk",
     [](const std::string& picture) {
         return headed("Transfer-Encoding: chunked\r\n",
                       fmt::format("{:x}\r\n", picture.size()) + picture + "\r\n");
     }},
    {"neither a length nor chunks", [](const std::string& picture) { return headed("", picture); }},
    {"a part of fewer octets than announced",
     [](const std::string& picture) { return one_part(picture, 48); }},
    {"a part of more octets than announced",
     [](const std::string& picture) { return one_part(picture, -3) + "\r\n--frame\r\n"; }},
};

}  // namespace

TEST_SUITE("pictures in bad carriers") {
    TEST_CASE("each is shown, whether the connection then closes or stays open") {
        for (const Carrier& carrier : carriers) {
            for (const End end : {End::closes, End::stays_open}) {
                CAPTURE(carrier.name);
                CAPTURE(end == End::closes);
                const UpstreamDouble upstream([&](Visit& visit) {
                    visit.read_request();
                    visit.send(carrier.carry(jpeg(std::to_string(visit.number()))));
                    if (end == End::stays_open)
                        visit.wait(60s);
                });
                FakeCaptureContext context;
                const auto driver = relay(upstream.url(), {{"fps", "100"}, {"timeout", "30"}});
                auto frames = driver->frames(context);
                // A multipart answer that stays open is a stream whose next part is awaited.
                const bool is_stream = carrier.carry("").find("multipart") != std::string::npos;
                const int expected = is_stream && end == End::stays_open ? 1 : 3;
                const auto begin = std::chrono::steady_clock::now();
                for (int number = 1; number <= expected; ++number) {
                    const auto* captured = frames.next();
                    REQUIRE(captured != nullptr);
                    CHECK(picture_of(*captured) == jpeg(std::to_string(number)));
                }
                CHECK(std::chrono::steady_clock::now() - begin < 10s);
            }
        }
    }

    TEST_CASE("a picture that is torn is not shown") {
        for (const Carrier& carrier : carriers) {
            CAPTURE(carrier.name);
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                const std::string picture = jpeg("torn in the middle of its scan");
                visit.send(carrier.carry(picture.substr(0, picture.size() - 10)));
            });
            FakeCaptureContext context;
            const auto driver = relay(upstream.url());
            auto frames = driver->frames(context);
            try {
                const auto* captured = frames.next();  // there is a whole one behind it
                REQUIRE(captured != nullptr);
                CHECK(picture_of(*captured) == jpeg("preview"));
            } catch (const onlooker::camera::CameraError& error) {
                CHECK(std::string(error.what()).find(upstream.url()) != std::string::npos);
            }
        }
    }
}
