// The stream as its viewers meet it: the table of endpoints, one camera and the server, over real
// sockets. The camera takes a picture when the test turns its handle and at no other time, so each
// test knows what there is to see.
#include "endpoints/stream.hpp"

#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <semaphore>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "component/http/served.hpp"
#include "endpoints/endpoints.hpp"
#include "support/scripted_driver.hpp"

namespace onlooker::endpoints {

namespace {

using namespace std::chrono_literals;
using camera::Camera;
using camera::CaptureContext;
using camera::Captured;
using camera::Supervision;
using http::test::Client;

// Each picture is noise of its own, which no encoder makes small.
class HandCrankedCamera {
  public:
    void turn() { turns_.release(); }

    Generator<Captured> frames(CaptureContext& context) {
        std::vector<std::byte> pixels(std::size_t{width} * height);
        while (!context.stop_requested()) {
            if (!turns_.try_acquire_for(5ms))
                continue;
            std::ranges::generate(pixels, [this] { return static_cast<std::byte>(noise_()); });
            co_yield test::captured(
                media::raw_image_in(pixels, media::PixelFormat::grey, width, height));
        }
    }

  private:
    static constexpr unsigned width = 640, height = 480;

    std::counting_semaphore<> turns_{0};
    std::minstd_rand noise_;
};

// Nothing happens by the clock: no stall, no card, no repetition.
Camera::Settings settings_without_clock() {
    Camera::Settings settings;
    settings.name = "yard";
    settings.driver = settings.device = "hand-cranked";
    settings.supervision.idle_after = 0ms;
    settings.supervision.first_frame_within = 1h;
    settings.supervision.stall_at_least = 1h;
    settings.supervision.starting_card_after = 1h;
    settings.repeat_once_after = 1h;
    settings.repeat_every = 1h;
    return settings;
}

class Stage {
  public:
    explicit Stage(const EndpointSettings& settings = {})
        : served_(http::Router()), work_(served_.executor()) {
        served_.on_loop([&] {
            cameras_.push_back(
                std::make_unique<Camera>(served_.executor(), settings_without_clock(), [this] {
                    return std::make_unique<test::ScriptedDriver>(
                        [this](CaptureContext& context) { return handle_.frames(context); });
                }));
            add_endpoints(served_.router(), served_.executor(), cameras_, settings);
        });
    }
    ~Stage() {
        if (!served_.stop(5s))
            served_.on_loop([this] { served_.server().abort(); });
        std::promise<void> closed;
        served_.on_loop([&] {
            cameras_.front()->close();
            asio::co_spawn(served_.executor(),
                           cameras_.front()->closed(std::chrono::steady_clock::now() + 5s),
                           [&closed](std::exception_ptr, bool) { closed.set_value(); });
        });
        closed.get_future().wait();
        served_.on_loop([this] { cameras_.clear(); });
    }

    std::uint16_t port() const noexcept { return served_.port(); }
    http::test::Served& served() noexcept { return served_; }

    template <typename Ask>
    auto ask(Ask question) {
        std::optional<decltype(question(*cameras_.front()))> answer;
        served_.on_loop([&] { answer = question(*cameras_.front()); });
        return *answer;
    }
    // False when that takes more than ten seconds.
    template <typename Question>
    bool until(Question question) {
        const auto limit = std::chrono::steady_clock::now() + 10s;
        bool holds = false;
        while (!(holds = ask(question)) && std::chrono::steady_clock::now() < limit)
            std::this_thread::sleep_for(1ms);
        return holds;
    }

    // One more picture, published to all viewers when this returns; its JPEG.
    std::string turn() {
        const auto before = ask([](Camera& camera) { return camera.edition(); });
        handle_.turn();
        REQUIRE(until([before](Camera& camera) { return camera.edition() > before; }));
        return ask([](Camera& camera) {
            const auto jpeg = camera.picture()->jpeg();
            return std::string(reinterpret_cast<const char*>(jpeg.data()), jpeg.size());
        });
    }

  private:
    HandCrankedCamera handle_;
    Cameras cameras_;
    http::test::Served served_;
    asio::executor_work_guard<Executor> work_;  // the camera outlives the server's work
};

// A viewer of the article's stream.
class Viewer {
  public:
    explicit Viewer(std::uint16_t port, int receive_buffer = 0) : client_(port, receive_buffer) {
        client_.send("GET /video_feed HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    std::string read_head() { return client_.receive_until("\r\n\r\n--frame\r\n"); }
    // The next picture, checked to be a whole part; empty when the stream has ended before it.
    std::string read_picture() {
        const std::string head = client_.receive_until("\r\n\r\n");
        if (head.empty())
            return {};
        constexpr std::string_view length_field = "Content-Length: ";
        CHECK(head.starts_with("Content-Type: image/jpeg\r\n"));
        const std::size_t place = head.find(length_field);
        REQUIRE(place != std::string::npos);
        const std::size_t length =
            std::strtoul(head.c_str() + place + length_field.size(), nullptr, 10);
        constexpr std::string_view boundary = "\r\n--frame\r\n";
        std::string part = client_.receive_exactly(length + boundary.size());
        CHECK(part.size() == length + boundary.size());
        CHECK(part.ends_with(boundary));
        part.resize(length);
        return part;
    }
    Client& client() noexcept { return client_; }

  private:
    Client client_;
};

std::size_t viewers(Camera& camera) {
    return camera.viewers();
}

}  // namespace

TEST_SUITE("the stream") {
    TEST_CASE("a viewer gets each picture as a whole part, as soon as it is taken") {
        Stage stage;
        Viewer viewer(stage.port());
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        const std::string first = stage.turn();
        const std::string head = viewer.read_head();
        CHECK(head.starts_with("HTTP/1.0 200 OK\r\n"));
        CHECK(head.find("\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n") !=
              std::string::npos);
        CHECK(viewer.read_picture() == first);
        const std::string second = stage.turn();
        CHECK(second != first);
        CHECK(viewer.read_picture() == second);
    }

    TEST_CASE("who comes later sees the picture that the others see, without a new one") {
        Stage stage;
        Viewer early(stage.port());
        const std::string picture = stage.turn();
        Viewer late(stage.port());
        late.read_head();
        CHECK(late.read_picture() == picture);
        early.read_head();
        CHECK(early.read_picture() == picture);
        const std::string next = stage.turn();
        CHECK(early.read_picture() == next);
        CHECK(late.read_picture() == next);
    }

    TEST_CASE("the camera opens for the first viewer and closes after the last") {
        Stage stage;
        const auto is_idle = [](Camera& camera) {
            return camera.state() == Supervision::State::idle;
        };
        CHECK(stage.ask(is_idle));
        {
            Viewer viewer(stage.port());
            stage.turn();
            CHECK(stage.ask([](Camera& camera) { return camera.live(); }));
            // One goes as a closed window does, the other as a lost network does.
            Viewer other(stage.port());
            REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 2; }));
            other.client().reset();
            REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        }
        CHECK(stage.until(is_idle));
        CHECK(stage.ask(viewers) == 0);
    }

    TEST_CASE("to ask for the head of a stream opens no camera") {
        Stage stage;
        Client client(stage.port());
        client.send("HEAD /video_feed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        const std::string head = client.receive_all();
        CHECK(http::test::status_of(head) == 200);
        CHECK(head.find("boundary=frame") != std::string::npos);
        CHECK(stage.ask([](Camera& camera) { return camera.state(); }) == Supervision::State::idle);
    }

    TEST_CASE("a viewer who is slow misses pictures, gets whole ones, and ends on the newest") {
        constexpr int turns = 60;
        Stage stage;
        Viewer slow(stage.port(), 8192);
        Viewer fast(stage.port());
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 2; }));
        std::string newest;
        fast.read_head();
        for (int i = 0; i < turns; ++i) {
            newest = stage.turn();
            CHECK(fast.read_picture() == newest);  // nobody waits for the other one
        }
        slow.read_head();
        int seen = 0;
        std::string last;
        while (last != newest && seen < turns) {
            last = slow.read_picture();
            REQUIRE(!last.empty());
            ++seen;
        }
        CHECK(last == newest);
        CHECK(seen < turns);
    }

    TEST_CASE("a viewer who takes nothing at all is let go, and the others stay") {
        EndpointSettings settings;
        settings.stream.no_progress_limit = 100ms;
        Stage stage(settings);
        Viewer stuck(stage.port(), 4096);
        Viewer other(stage.port());
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 2; }));
        other.read_head();
        // More than any kernel takes for a client that reads nothing.
        const auto turn_and_look = [&stage, &other] {
            const std::string picture = stage.turn();
            return other.read_picture() == picture;
        };
        for (int i = 0; i < 200 && stage.ask(viewers) == 2; ++i)
            CHECK(turn_and_look());
        CHECK(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        CHECK(turn_and_look());
    }

    TEST_CASE("when the server stops, a stream ends behind the part that was under way") {
        Stage stage;
        Viewer viewer(stage.port(), 8192);
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        const std::string picture = stage.turn();
        auto stopped = std::async(std::launch::async, [&stage] { return stage.served().stop(5s); });
        viewer.read_head();
        CHECK(viewer.read_picture() == picture);
        CHECK(viewer.read_picture().empty());
        CHECK(viewer.client().closed_by_peer(1s));
        viewer.client().finish_sending();
        CHECK(stopped.get());
    }
}

}  // namespace onlooker::endpoints
