// Single pictures: how old they may be, and what is told of their age.
#include "endpoints/snapshot.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"

namespace onlooker::endpoints {

namespace {

using namespace std::chrono_literals;
using camera::Camera;
using camera::Supervision;
using http::test::Client;
using http::test::status_of;
using test::Stage;
using test::viewers;

void ask_for(Client& client, std::string_view target, std::string_view fields = "") {
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
                std::string(fields) + "\r\n");
}

struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    // Empty if there is no such field.
    std::string field(std::string_view name) const {
        const std::string start = "\r\n" + std::string(name) + ": ";
        const auto place = head.find(start);
        if (place == std::string::npos)
            return {};
        return head.substr(place + start.size(),
                           head.find("\r\n", place + 2) - place - start.size());
    }
};

Answer answer_to(Client& client) {
    Answer answer;
    answer.head = client.receive_until("\r\n\r\n");
    answer.status = status_of(answer.head);
    answer.body = client.receive_all();
    return answer;
}

Answer get(std::uint16_t port, std::string_view target, std::string_view fields = "") {
    Client client(port);
    ask_for(client, target, fields);
    return answer_to(client);
}

// Gives a picture when the test says so, and is missed soon when it does not.
camera::Camera::Settings impatient_camera() {
    camera::Camera::Settings settings = test::settings_without_clock();
    settings.supervision.stall_frames = 0;
    settings.supervision.stall_at_least = 100ms;
    return settings;
}

bool is_faulted(Camera& camera) {
    return camera.state() == Supervision::State::faulted;
}

// What browsers send for an <img>, according to MDN's "List of default Accept values".
constexpr std::string_view chromium_image =
    "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8\r\n";
constexpr std::string_view firefox_image = "Accept: image/avif,image/webp,*/*\r\n";
constexpr std::string_view chromium_page =
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8\r\n";

// Keeps the camera open while it lives, and has made it take a picture.
class Watcher {
  public:
    explicit Watcher(Stage& stage) : client_(stage.port()) {
        ask_for(client_, "/stream");
        picture_ = stage.turn();
    }
    const std::string& picture() const noexcept { return picture_; }

  private:
    Client client_;
    std::string picture_;
};

}  // namespace

TEST_SUITE("the snapshot") {
    TEST_CASE("the picture of a camera that is live comes at once, with its age, and is not old") {
        Stage stage;
        const Watcher watcher(stage);
        const Answer answer = get(stage.port(), "/snapshot");
        CHECK(answer.status == 200);
        CHECK(answer.body == watcher.picture());
        CHECK(answer.field("X-Picture-Old").empty());
        REQUIRE(!answer.field("X-Picture-Age").empty());
        CHECK(std::strtod(answer.field("X-Picture-Age").c_str(), nullptr) < 5);
    }

    TEST_CASE("the last picture of a camera that gives no more is sent, and said to be old") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 50ms;
        Stage stage(settings);
        std::string last;
        {
            const Watcher watcher(stage);
            last = watcher.picture();
        }
        REQUIRE(
            stage.until([](Camera& camera) { return camera.state() == Supervision::State::idle; }));
        const Answer answer = get(stage.port(), "/snapshot");
        CHECK(answer.status == 200);
        CHECK(answer.body == last);
        CHECK(answer.field("X-Picture-Old") == "1");
        // It waited for a newer one first.
        CHECK(std::strtod(answer.field("X-Picture-Age").c_str(), nullptr) >= 0.05);
    }

    TEST_CASE("an <img> sees the card of a camera that has stopped, on every route") {
        Stage stage({}, impatient_camera());
        const Watcher watcher(stage);
        REQUIRE(stage.until(is_faulted));
        for (const char* target :
             {"/snapshot", "/snapshot.jpg", "/?action=snapshot", "/cameras/yard/snapshot"}) {
            for (const std::string_view fields :
                 {chromium_image, firefox_image, std::string_view("Sec-Fetch-Dest: image\r\n")}) {
                CAPTURE(target);
                CAPTURE(fields);
                const Answer answer = get(stage.port(), target, fields);
                CHECK(answer.status == 200);
                CHECK(answer.field("Content-Type") == "image/jpeg");
                CHECK(answer.field("X-Picture-Card") == "1");
                CHECK(answer.body.starts_with("\xff\xd8"));
                CHECK(answer.body != watcher.picture());
            }
        }
    }

    TEST_CASE("who cannot show a card is told in words that the camera has stopped") {
        Stage stage({}, impatient_camera());
        const Watcher watcher(stage);
        REQUIRE(stage.until(is_faulted));
        for (const std::string_view fields :
             {std::string_view(), std::string_view("Accept: */*\r\n"),
              std::string_view("Accept: application/json\r\n"),
              std::string_view("Accept: image/jpeg\r\n"), chromium_page,
              std::string_view("Sec-Fetch-Dest: empty\r\nAccept: image/*\r\n")}) {
            CAPTURE(fields);
            const Answer answer = get(stage.port(), "/snapshot", fields);
            CHECK(answer.status == 503);
            CHECK(answer.field("Retry-After") == "2");
            CHECK(answer.body.find("it has stopped sending pictures") != std::string::npos);
        }
    }

    TEST_CASE("the picture of before is not sent while a closed camera is opened again") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 150ms;
        settings.snapshot.wait_for_card = 50ms;
        Stage stage(settings, impatient_camera());
        {
            const Watcher watcher(stage);
        }
        REQUIRE(
            stage.until([](Camera& camera) { return camera.state() == Supervision::State::idle; }));
        CHECK(get(stage.port(), "/snapshot").status == 503);
        CHECK(get(stage.port(), "/snapshot", chromium_image).status == 503);
    }

    TEST_CASE("a card does not stand in the way of a camera that comes back") {
        Stage stage({}, impatient_camera());
        const Watcher watcher(stage);
        REQUIRE(stage.until(is_faulted));
        CHECK(get(stage.port(), "/snapshot", chromium_image).field("X-Picture-Card") == "1");
        REQUIRE(stage.until([](Camera& camera) { return !is_faulted(camera); }));
        const std::string picture = stage.turn_to_picture();
        const Answer answer = get(stage.port(), "/snapshot", chromium_image);
        CHECK(answer.body == picture);
        CHECK(answer.field("X-Picture-Card").empty());
    }

    TEST_CASE("who says how old it may be never gets an old one, but 503 and when to come back") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 50ms;
        Stage stage(settings);
        {
            const Watcher watcher(stage);
        }
        REQUIRE(
            stage.until([](Camera& camera) { return camera.state() == Supervision::State::idle; }));
        const Answer answer = get(stage.port(), "/snapshot?max_delay=3600000");
        CHECK(answer.status == 503);
        CHECK(answer.field("Retry-After") == "2");
        CHECK(answer.body.find("yard") != std::string::npos);
    }

    TEST_CASE("a picture within max_delay is sent, one beyond it is waited for") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 10s;
        Stage stage(settings);
        const Watcher watcher(stage);
        CHECK(get(stage.port(), "/snapshot?max_delay=3600000").body == watcher.picture());
        std::this_thread::sleep_for(20ms);
        for (const char* target : {"/snapshot?max_delay=10", "/snapshot?max_delay=0"}) {
            Client client(stage.port());
            ask_for(client, target);
            REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 2; }));
            const std::string next = stage.turn();
            const Answer answer = answer_to(client);
            CHECK(answer.status == 200);
            CHECK(answer.body == next);
            REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
            std::this_thread::sleep_for(20ms);
        }
    }

    TEST_CASE("a max_delay that is no number of milliseconds is 400 and opens no camera") {
        Stage stage;
        for (const char* value : {"soon", "-1", "1.5", "", "99999999999"}) {
            CAPTURE(value);
            const Answer answer = get(stage.port(), "/snapshot?max_delay=" + std::string(value));
            CHECK(answer.status == 400);
            CHECK(answer.body.find("max_delay=500") != std::string::npos);
        }
        CHECK(stage.ask([](Camera& camera) { return camera.state(); }) == Supervision::State::idle);
    }

    TEST_CASE("it carries the fields that PiKVM's client reads") {
        Stage stage;
        const Watcher watcher(stage);
        for (const char* target : {"/snapshot", "/?action=snapshot"}) {
            CAPTURE(target);
            const Answer answer = get(stage.port(), target);
            CHECK(answer.field("X-UStreamer-Online") == "true");
            CHECK(answer.field("X-UStreamer-Width") == "640");
            CHECK(answer.field("X-UStreamer-Height") == "480");
            CHECK(std::strtod(answer.field("X-UStreamer-Grab-Begin-Timestamp").c_str(), nullptr) <=
                  std::strtod(answer.field("X-UStreamer-Send-Timestamp").c_str(), nullptr));
        }
    }

    TEST_CASE("the last picture of a camera that gives no more is not online") {
        EndpointSettings settings;
        settings.snapshot.wait_at_most = 50ms;
        Stage stage(settings);
        {
            const Watcher watcher(stage);
        }
        REQUIRE(
            stage.until([](Camera& camera) { return camera.state() == Supervision::State::idle; }));
        CHECK(get(stage.port(), "/snapshot").field("X-UStreamer-Online") == "false");
    }
}

}  // namespace onlooker::endpoints
