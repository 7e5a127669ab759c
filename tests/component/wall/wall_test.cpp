// The wall as whoever shows it meets it: several cameras on one connection, over real sockets. The
// cameras take a picture when the test turns their handle, and at no other time.
#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/running_clock.hpp"
#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"
#include "endpoints/stream.hpp"
#include "support/scripted_driver.hpp"
#include "wall/wall_routes.hpp"

namespace onlooker::wall {

namespace {

using camera::Camera;
using http::test::Client;
using http::test::eventually;

// Three cameras: yard, bed and roof.
class House {
  public:
    House() : served_(http::Router()), work_(served_.executor()) {
        served_.on_loop([this] {
            for (const char* name : {"yard", "bed", "roof"})
                add(name);
            variants_.emplace(served_.executor(),
                              variants::Variants::Settings{
                                  .most = 4, .workers = 1, .idle_after = std::chrono::seconds(0)});
            add_wall(served_.router(), served_.executor(), cameras_, *variants_, settings_);
        });
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;
    ~House() {
        if (!served_.stop(std::chrono::seconds(5)))
            served_.on_loop([this] { served_.server().abort(); });
        for (std::size_t i = 0; i < cameras_.size(); ++i)
            close(i);
        served_.on_loop([this] {
            variants_.reset();
            cameras_.clear();
        });
    }

    std::uint16_t port() const noexcept { return served_.port(); }

    // One more picture of that camera; its JPEG.
    std::string turn(const std::string& name) {
        const Camera& camera = *find(name);
        media::FramePtr before;
        served_.on_loop([&] { before = camera.feed().picture(); });
        handles_[name].turn();
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

    std::size_t viewers(const std::string& name) {
        std::size_t count = 0;
        served_.on_loop([&] { count = find(name)->feed().viewers(); });
        return count;
    }

    endpoints::ViewerCount::Sent sent_to_gone() {
        endpoints::ViewerCount::Sent sent;
        served_.on_loop([&] { sent = settings_.viewers->sent_to_gone(); });
        return sent;
    }

    void retire(const std::string& name) {
        served_.on_loop([&] { find(name)->retire(); });
    }

  private:
    void add(const std::string& name) {
        camera::Camera::Settings settings = test::settings_without_clock();
        settings.name = name;
        test::HandCrankedCamera& handle = handles_[name];
        cameras_.push_back(std::make_shared<Camera>(served_.executor(), settings, [&handle] {
            return std::make_unique<test::ScriptedDriver>(
                [&handle](camera::CaptureContext& context) { return handle.frames(context); });
        }));
    }

    std::shared_ptr<Camera> find(const std::string& name) {
        for (const auto& camera : cameras_)
            if (camera->name() == name)
                return camera;
        return nullptr;
    }

    void close(std::size_t place) {
        std::promise<void> closed;
        served_.on_loop([&] {
            cameras_[place]->close();
            asio::co_spawn(
                served_.executor(),
                cameras_[place]->wait_closed(RunningClock::now() + std::chrono::seconds(5)),
                [&closed](std::exception_ptr, bool) { closed.set_value(); });
        });
        closed.get_future().wait();
    }

    std::map<std::string, test::HandCrankedCamera> handles_;
    endpoints::StreamSettings settings_;
    endpoints::Cameras cameras_;
    std::optional<variants::Variants> variants_;
    http::test::Served served_;
    asio::executor_work_guard<Executor> work_;
};

struct Part {
    std::string camera;  // empty: the wall has ended
    std::string head;
    std::string jpeg;
};

std::string field(const std::string& head, const std::string& name) {
    const std::size_t place = head.find("\r\n" + name + ": ");
    if (place == std::string::npos)
        return {};
    const std::size_t begin = place + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

class Viewer {
  public:
    Viewer(std::uint16_t port, const std::string& query) : client_(port) {
        client_.send("GET /wall" + query + " HTTP/1.1\r\nHost: a\r\n\r\n");
        head_ = client_.receive_until("\r\n\r\n--boundarydonotcross\r\n");
    }

    const std::string& head() const noexcept { return head_; }
    std::string id() const { return field(head_, "X-Wall"); }

    Part part() {
        Part part;
        part.head = "\r\n" + client_.receive_until("\r\n\r\n");
        const std::string length = field(part.head, "Content-Length");
        if (length.empty())
            return {};
        constexpr std::string_view boundary = "\r\n--boundarydonotcross\r\n";
        const std::size_t octets = std::strtoul(length.c_str(), nullptr, 10);
        part.jpeg = client_.receive_exactly(octets + boundary.size());
        CHECK(part.jpeg.ends_with(boundary));
        part.jpeg.resize(octets);
        part.camera = field(part.head, "X-Camera");
        return part;
    }

    Client& client() noexcept { return client_; }

  private:
    Client client_;
    std::string head_;
};

std::string change(std::uint16_t port, const std::string& id, const std::string& words) {
    Client client(port);
    client.send("POST /wall/" + id +
                " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " +
                std::to_string(words.size()) + "\r\n\r\n" + words);
    return client.receive_all();
}

}  // namespace

TEST_SUITE("a wall") {
    TEST_CASE("shows each picture of its cameras whole, and says whose it is") {
        House house;
        Viewer viewer(house.port(), "?cameras=yard,bed");
        CHECK(viewer.head().starts_with("HTTP/1.0 200 OK\r\n"));
        CHECK(field(viewer.head(), "Content-Type") ==
              "multipart/x-mixed-replace;boundary=boundarydonotcross");
        CHECK(viewer.id().size() == 32);
        CHECK(house.viewers("yard") == 1);
        CHECK(house.viewers("roof") == 0);
        for (const char* name : {"yard", "bed", "bed", "yard"}) {
            const std::string taken = house.turn(name);
            const Part part = viewer.part();
            CHECK(part.camera == name);
            CHECK(part.jpeg == taken);
            CHECK(field(part.head, "X-Frame") != "");
            CHECK(field(part.head, "X-Picture-Card").empty());
        }
    }

    TEST_CASE("is changed while it runs, and those that stay miss nothing") {
        House house;
        Viewer viewer(house.port(), "?cameras=yard,bed");
        const std::string taken = house.turn("yard");
        CHECK(viewer.part().jpeg == taken);
        const std::string answer = change(house.port(), viewer.id(), "cameras=yard,roof");
        CHECK(http::test::status_of(answer) == 200);
        CHECK(answer.find(R"(["yard","roof"])") != std::string::npos);
        CHECK(eventually([&] { return house.viewers("bed") == 0; }));
        CHECK(house.viewers("roof") == 1);
        house.turn("roof");
        // Not yard's picture once more.
        CHECK(viewer.part().camera == "roof");
        house.turn("yard");
        CHECK(viewer.part().camera == "yard");
    }

    TEST_CASE("that is refused a change stays as it is") {
        House house;
        Viewer viewer(house.port(), "?cameras=yard");
        for (const char* words : {"cameras=cellar", "cameras=bed&width=wide", "auto=1"})
            CHECK(http::test::status_of(change(house.port(), viewer.id(), words)) >= 400);
        CHECK(http::test::status_of(change(house.port(), std::string(32, '0'), "")) == 404);
        CHECK(house.viewers("bed") == 0);
        house.turn("yard");
        CHECK(viewer.part().camera == "yard");
    }

    TEST_CASE("makes one of its pictures smaller, and leaves the others as they are") {
        House house;
        Viewer viewer(house.port(), "?cameras=yard,bed&bed.width=160");
        house.turn("bed");
        const Part small = viewer.part();
        CHECK(small.camera == "bed");
        CHECK(field(small.head, "X-Width") == "160");
        const std::string taken = house.turn("yard");
        CHECK(viewer.part().jpeg == taken);
    }

    TEST_CASE("lets its cameras go when its viewer does, and leaves what it was sent") {
        House house;
        std::size_t octets = 0;
        {
            Viewer viewer(house.port(), "");
            CHECK(house.viewers("roof") == 1);
            octets = house.turn("roof").size();
            CHECK(viewer.part().camera == "roof");
        }
        CHECK(eventually([&] { return house.viewers("roof") == 0; }));
        CHECK(house.viewers("yard") == 0);
        CHECK(eventually([&] { return house.sent_to_gone().frames == 1; }));
        CHECK(house.sent_to_gone().octets > octets);
    }

    TEST_CASE("goes on when one of its cameras is taken away") {
        House house;
        Viewer viewer(house.port(), "?cameras=yard,bed");
        house.turn("yard");
        CHECK(viewer.part().camera == "yard");
        house.retire("yard");
        house.turn("bed");
        CHECK(viewer.part().camera == "bed");
    }

    TEST_CASE("opens nothing for HEAD, and for a camera that is not there") {
        House house;
        Client client(house.port());
        client.send("HEAD /wall HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        CHECK(http::test::status_of(client.receive_all()) == 200);
        Client other(house.port());
        other.send(
            "GET /wall?cameras=yard,cellar HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        CHECK(http::test::status_of(other.receive_all()) == 404);
        CHECK(house.viewers("yard") == 0);
    }
}

}  // namespace onlooker::wall
