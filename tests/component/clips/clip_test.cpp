// A clip as whoever downloads it meets it, over real sockets. The camera takes a picture when the
// test turns its handle, and at no other time.
#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/running_clock.hpp"
#include "clips/clip_routes.hpp"
#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"
#include "support/scripted_driver.hpp"

namespace onlooker::clips {

namespace {

using camera::Camera;
using http::test::Client;
using http::test::eventually;
using http::test::status_of;
using namespace std::chrono_literals;

struct Wanted {
    std::filesystem::path module_folder = CLIP_MODULE_FOLDER;
    std::chrono::milliseconds pre_roll{0};
    std::chrono::milliseconds wait_at_most{10'000};
};

class House {
  public:
    explicit House(const Wanted& wanted = {}) : served_(http::Router()), work_(served_.executor()) {
        served_.on_loop([this, &wanted] {
            camera::Camera::Settings camera = test::settings_without_clock();
            camera.title =
                "H\xc3\xb6"
                "f";
            camera.supervision.always_on = wanted.pre_roll.count() > 0;
            cameras_.push_back(std::make_shared<Camera>(served_.executor(), camera, [this] {
                return std::make_unique<test::ScriptedDriver>(
                    [this](camera::CaptureContext& context) { return handle_.frames(context); });
            }));
            variants_.emplace(served_.executor(), variants::Variants::Settings{
                                                      .most = 4, .workers = 1, .idle_after = 0s});
            loader_.emplace(served_.executor(), std::vector{wanted.module_folder});
            pre_rolls_.follow(cameras_, {.time = wanted.pre_roll, .octets = 10'000'000});
            add_clips(served_.router(), served_.executor(),
                      {.cameras = cameras_,
                       .variants = *variants_,
                       .settings = settings_,
                       .loader = *loader_,
                       .pre_rolls = pre_rolls_,
                       .wait_at_most = wanted.wait_at_most});
        });
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;
    ~House() {
        stop();
        std::promise<void> closed;
        served_.on_loop([&] {
            pre_rolls_.close();
            cameras_.front()->close();
            asio::co_spawn(served_.executor(),
                           cameras_.front()->wait_closed(RunningClock::now() + 5s),
                           [&closed](std::exception_ptr, bool) { closed.set_value(); });
        });
        closed.get_future().wait();
        served_.on_loop([this] {
            loader_.reset();
            variants_.reset();
            cameras_.clear();
        });
    }

    std::uint16_t port() const noexcept { return served_.port(); }
    bool has_module() {
        bool has = false;
        served_.on_loop([&] { has = !loader_->formats().empty(); });
        if (!has)
            MESSAGE("skipped: this build has no module for clips");
        return has;
    }

    // One more picture; its JPEG.
    std::string turn() {
        const Camera& camera = *cameras_.front();
        media::FramePtr before;
        served_.on_loop([&] { before = camera.feed().picture(); });
        handle_.turn();
        std::string jpeg;
        REQUIRE(eventually([&] {
            served_.on_loop([&] {
                const media::FramePtr& now = camera.feed().picture();
                if (now && now != before)
                    jpeg.assign(reinterpret_cast<const char*>(now->jpeg().data()),
                                now->jpeg().size());
            });
            return !jpeg.empty();
        }));
        return jpeg;
    }

    std::size_t viewers() {
        std::size_t count = 0;
        served_.on_loop([&] { count = settings_.stream.viewers->now(); });
        return count;
    }
    void allow_viewers(std::size_t most) {
        served_.on_loop([&] { settings_.stream.viewers->allow({.total = most}); });
    }
    void retire() {
        served_.on_loop([&] { cameras_.front()->retire(); });
    }
    void stop() {
        if (!served_.stop(5s))
            served_.on_loop([this] { served_.server().abort(); });
    }

  private:
    test::HandCrankedCamera handle_;
    endpoints::EndpointSettings settings_;
    endpoints::Cameras cameras_;
    PreRolls pre_rolls_;
    std::optional<variants::Variants> variants_;
    std::optional<MuxerLoader> loader_;
    http::test::Served served_;
    asio::executor_work_guard<Executor> work_;
};

struct Answer {
    int status = 0;
    std::string head;
    std::string body;
    bool is_whole = false;  // its last chunk came
};

Answer read(Client& client) {
    Answer answer;
    std::string octets = client.receive_all(10s);
    answer.status = status_of(octets);
    const auto end = octets.find("\r\n\r\n");
    REQUIRE(end != std::string::npos);
    answer.head = octets.substr(0, end + 2);
    octets.erase(0, end + 4);
    if (answer.head.find("chunked") == std::string::npos) {
        answer.body = octets;
        return answer;
    }
    while (!octets.empty()) {
        const std::size_t size = std::strtoul(octets.c_str(), nullptr, 16);
        const auto begin = octets.find("\r\n") + 2;
        answer.is_whole = size == 0;
        answer.body += octets.substr(begin, size);
        octets.erase(0, begin + size + 2);
    }
    return answer;
}

void ask(Client& client, const std::string& query, const std::string& method = "GET") {
    client.send(method + " /cameras/yard/clip" + query +
                " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
}

Answer answer_to(House& house, const std::string& query, const std::string& method = "GET") {
    Client client(house.port());
    ask(client, query, method);
    return read(client);
}

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

// In that order.
bool contains_all(const std::string& file, const std::vector<std::string>& pictures) {
    std::size_t at = 0;
    for (const std::string& picture : pictures) {
        at = file.find(picture, at);
        if (at == std::string::npos)
            return false;
    }
    return true;
}

}  // namespace

TEST_SUITE("a clip") {
    TEST_CASE("is a file of all pictures that the camera gives, under a name of its own") {
        for (const char* format : {"mkv", "mp4", "avi"}) {
            CAPTURE(format);
            House house;
            if (!house.has_module())
                return;
            Client client(house.port());
            ask(client, std::string("?seconds=60&format=") + format);
            REQUIRE(eventually([&] { return house.viewers() == 1; }));
            std::vector<std::string> pictures;
            for (int i = 0; i < 5; ++i)
                pictures.push_back(house.turn());
            house.retire();
            const Answer answer = read(client);
            CHECK(answer.status == 200);
            CHECK(answer.is_whole);
            CHECK(contains_all(answer.body, pictures));
            CHECK(contains(answer.head, "Content-Disposition: attachment; filename=\"yard 20"));
            CHECK(
                contains(answer.head, std::string(".") + format + "\"; filename*=UTF-8''H%C3%B6f"));
            CHECK(contains(answer.head, "no-store"));
            CHECK(eventually([&] { return house.viewers() == 0; }));
        }
    }

    TEST_CASE("is sent while it happens") {
        House house;
        if (!house.has_module())
            return;
        Client client(house.port());
        ask(client, "?seconds=60");
        REQUIRE(eventually([&] { return house.viewers() == 1; }));
        const std::string first = house.turn();
        // Larger than a cluster may be: it is sent with the next one at the latest.
        house.turn();
        CHECK(contains(client.receive_until(first), first));
    }

    TEST_CASE("is finished when its camera goes, and when the server ends") {
        for (const bool by_camera : {true, false}) {
            House house;
            if (!house.has_module())
                return;
            Client client(house.port());
            ask(client, "?seconds=60&format=mp4");
            REQUIRE(eventually([&] { return house.viewers() == 1; }));
            std::vector<std::string> pictures{house.turn(), house.turn()};
            const std::string begin = client.receive_until("ftyp");
            REQUIRE(contains(begin, "200 OK"));
            if (by_camera)
                house.retire();
            else
                house.stop();
            const std::string rest = client.receive_all();
            CHECK(contains_all(begin + rest, pictures));
            CHECK(contains(rest, "mfra"));
            CHECK(rest.ends_with("\r\n0\r\n\r\n"));
        }
    }

    TEST_CASE("ends for its camera when its reader goes") {
        House house;
        if (!house.has_module())
            return;
        Client client(house.port());
        ask(client, "?seconds=60");
        REQUIRE(eventually([&] { return house.viewers() == 1; }));
        house.turn();
        client.receive_until("\r\n\r\n");
        client.reset();
        CHECK(eventually([&] { return house.viewers() == 0; }));
    }

    TEST_CASE("begins before it was asked for, where the server keeps pictures") {
        House house({.pre_roll = 60s});
        if (!house.has_module())
            return;
        std::vector<std::string> pictures;
        for (int i = 0; i < 3; ++i)
            pictures.push_back(house.turn());
        const Answer without = answer_to(house, "?seconds=0.1&pre_roll=0");
        CHECK_FALSE(contains(without.body, pictures[0]));
        CHECK(contains(without.body, pictures[2]));

        Client client(house.port());
        ask(client, "?seconds=60");
        REQUIRE(eventually([&] { return house.viewers() == 1; }));
        pictures.push_back(house.turn());
        house.retire();
        CHECK(contains_all(read(client).body, pictures));
    }

    TEST_CASE("of another size has no pre-roll, and is of that size") {
        House house({.pre_roll = 60s});
        if (!house.has_module())
            return;
        const std::string before = house.turn();
        CHECK(answer_to(house, "?pre_roll=1&width=160").status == 400);
        Client client(house.port());
        ask(client, "?seconds=0.5&width=160");
        REQUIRE(eventually([&] { return house.viewers() == 1; }));
        const std::string own = house.turn();
        const Answer answer = read(client);
        CHECK(answer.status == 200);
        CHECK_FALSE(contains(answer.body, before));
        CHECK_FALSE(contains(answer.body, own));
    }

    TEST_CASE("is refused in words where it cannot be had") {
        House house({.wait_at_most = 50ms});
        if (!house.has_module())
            return;
        CHECK(answer_to(house, "?format=webm").status == 400);
        CHECK(contains(answer_to(house, "?format=webm").body, "mkv, mp4, avi"));
        CHECK(answer_to(house, "?seconds=0").status == 400);
        CHECK(answer_to(house, "?width=wide").status == 400);
        CHECK(answer_to(house, "?auto=1").status == 400);
        // The camera gives nothing.
        const Answer none = answer_to(house, "");
        CHECK(none.status == 503);
        CHECK(contains(none.body, "yard has no picture yet"));
        CHECK(eventually([&] { return house.viewers() == 0; }));
        house.allow_viewers(1);
        Client client(house.port());
        ask(client, "?seconds=60");
        REQUIRE(eventually([&] { return house.viewers() == 1; }));
        CHECK(contains(answer_to(house, "").body, "--max-viewers"));
    }

    TEST_CASE("is refused, with what brings it, by a server without the module") {
        House house({.module_folder = "/nowhere"});
        const Answer answer = answer_to(house, "");
        CHECK(answer.status == 501);
        CHECK(contains(answer.body, "libavformat-dev"));
        CHECK(house.viewers() == 0);
    }

    TEST_CASE("opens nothing for HEAD") {
        House house;
        if (!house.has_module())
            return;
        const Answer answer = answer_to(house, "?format=avi", "HEAD");
        CHECK(answer.status == 200);
        CHECK(contains(answer.head, "Content-Type: video/x-msvideo"));
        CHECK(contains(answer.head, ".avi\""));
        CHECK(answer.body.empty());
        CHECK(answer_to(house, "?format=webm", "HEAD").status == 400);
        CHECK(house.viewers() == 0);
    }
}

}  // namespace onlooker::clips
