// The whole server, with a USB camera that is unplugged, falls silent and is taken by another
// program while twenty people watch. PORT is where it listens.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "test_camera.hpp"
#include "viewers.hpp"

using namespace onlooker::test;
using namespace std::chrono_literals;
using Seen = Viewers::Seen;

namespace {

constexpr int watching = 20;

unsigned short port() {
    return static_cast<unsigned short>(std::stoi(setting("PORT")));
}

void wait_for_node(bool there) {
    for (int i = 0; i < 2000 && std::filesystem::exists("/dev/video0") != there; ++i)
        std::this_thread::sleep_for(5ms);
    REQUIRE(std::filesystem::exists("/dev/video0") == there);
}

}  // namespace

TEST_SUITE("v4l2 server") {
    // The first: the guest script starts the server, and no camera.
    TEST_CASE("who came before the camera waits, and sees its first picture") {
        Viewers viewers(1, port(), sent_pictures());
        REQUIRE(viewers.all_see(Seen::other, 10s));
        // Long enough for the back-off to have grown.
        viewers.watch_for(2500ms);
        std::ofstream(setting("CAMERA_START")) << "start" << std::endl;
        wait_for_node(true);
        CHECK(viewers.all_see(Seen::picture, 5s));
        CHECK(viewers.dropped() == 0);
    }

    TEST_CASE("twenty viewers keep their connections through everything") {
        Viewers viewers(watching, port(), sent_pictures());
        REQUIRE(viewers.all_see(Seen::picture, 20s));

        SUBCASE("unplugged and plugged in again: the picture is back within a second") {
            for (int round = 0; round < 3; ++round) {
                CAPTURE(round);
                plug(false);
                wait_for_node(false);
                CHECK(viewers.all_see(Seen::other, 10s));
                // Long enough for the back-off to have grown beyond a second.
                viewers.watch_for(2500ms);
                plug(true);
                wait_for_node(true);
                const auto there = std::chrono::steady_clock::now();
                CHECK(viewers.all_see(Seen::picture, 10s));
                const auto took = std::chrono::steady_clock::now() - there;
                const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
                MESSAGE("back after ms: " << ms);
                CHECK(took < 1s);
            }
        }

        SUBCASE("silence is noticed and told, and ends with the next picture") {
            signal_camera(SIGUSR1);
            CHECK(viewers.all_see(Seen::other, 15s));
            signal_camera(SIGUSR1);
            CHECK(viewers.all_see(Seen::picture, 15s));
        }

        SUBCASE("broken frames never reach them") {
            for (int i = 0; i < 5; ++i) {
                signal_camera(i % 2 == 0 ? SIGUSR2 : SIGHUP);
                CHECK(viewers.all_see(Seen::picture, 5s));
            }
        }

        CHECK(viewers.dropped() == 0);
    }

    TEST_CASE("a snapshot is one of the camera's pictures, octet for octet") {
        const std::string answer = get(port(), "/snapshot");
        const std::size_t body = answer.find("\r\n\r\n");
        REQUIRE(body != std::string::npos);
        CHECK(answer.starts_with("HTTP/1.1 200"));
        CHECK(sent_pictures().contains(answer.substr(body + 4)));
    }
}
