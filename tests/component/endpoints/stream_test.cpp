// The stream as its viewers meet it.
#include "endpoints/stream.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"
#include "support/emulated.hpp"
#include "support/logged.hpp"

namespace onlooker::endpoints {

namespace {

using namespace std::chrono_literals;
using camera::Camera;
using camera::Supervision;
using http::test::Client;
using test::Stage;
using test::viewers;

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

// What the server set on its end of the one connection there is. No peer can see that; but the
// server's descriptors are this process's own.
std::optional<int> unsent_low_water_of_server(std::uint16_t port) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::atoi(entry.path().filename().c_str());
        sockaddr_in here{}, there{};
        socklen_t size = sizeof here, peer_size = sizeof there;
        if (::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size) != 0 ||
            ::getpeername(fd, reinterpret_cast<sockaddr*>(&there), &peer_size) != 0 ||
            here.sin_family != AF_INET || ntohs(here.sin_port) != port)
            continue;
        int octets = 0;
        socklen_t octets_size = sizeof octets;
        if (::getsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &octets, &octets_size) == 0)
            return octets;
    }
    return std::nullopt;
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

    TEST_CASE("with auto=1 each head says the size and the step, and so does /state") {
        Stage stage;
        Client client(stage.port());
        client.send("GET /stream?auto=1&min_fps=5&key=mine HTTP/1.1\r\nHost: a\r\n\r\n");
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        const std::string picture = stage.turn();
        client.receive_until("\r\n\r\n--boundarydonotcross\r\n");
        const std::string head = client.receive_until("\r\n\r\n");
        CHECK(head.find("\r\nX-Width: 640\r\nX-Height: 480\r\nX-Step: 1\r\n") != std::string::npos);
        CHECK(client.receive_exactly(picture.size()) == picture);
        Client asking(stage.port());
        asking.send("GET /state HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        const std::string state = asking.receive_all();
        CHECK(state.find("\"key\":\"mine\"") != std::string::npos);
        CHECK(state.find("\"step\":\"1\"") != std::string::npos);
        CHECK(state.find("\"why\":\"") != std::string::npos);
        client.reset();
        CHECK(stage.until([](Camera& camera) { return viewers(camera) == 0; }));
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
        // It was its wire that cost it pictures, each of those that it missed.
        CHECK(stage.until([](Camera& camera) {
            bool all = true;
            camera.feed().for_each_viewing([&all](const camera::Viewing& viewing) {
                all = all &&
                      viewing.progress().skipped_for_link == viewing.offered() - viewing.frames();
            });
            return all;
        }));
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

    TEST_CASE("a viewer who takes a little now and then is not, however full its socket stays" *
              doctest::skip(test::is_emulated())) {
        EndpointSettings settings;
        settings.stream.no_progress_limit = 400ms;
        Stage stage(settings);
        Viewer slow(stage.port(), 8192);
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        const auto end = SteadyClock::now() + 1500ms;
        while (SteadyClock::now() < end) {
            stage.turn();
            REQUIRE(slow.client().receive_some(4096).size() > 0);
            std::this_thread::sleep_for(20ms);
        }
        CHECK(stage.ask(viewers) == 1);
    }

    TEST_CASE("a crowd that takes nothing does not fill the log, but is counted in it") {
        constexpr std::size_t crowd = 9;
        const test::Logged log;
        {
            EndpointSettings settings;
            settings.stream.no_progress_limit = 100ms;
            Stage stage(settings);
            std::vector<std::unique_ptr<Viewer>> stuck;
            while (stuck.size() < crowd)
                stuck.push_back(std::make_unique<Viewer>(stage.port(), 4096));
            Viewer other(stage.port());
            REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == crowd + 1; }));
            other.read_head();
            for (int i = 0; i < 200 && stage.ask(viewers) > 1; ++i) {
                const std::string picture = stage.turn();
                CHECK(other.read_picture() == picture);
            }
            CHECK(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        }
        const std::size_t told = log.count("took nothing for");
        CHECK(told >= 5);
        CHECK(told < crowd);
        CHECK(log.count("more viewers that took nothing") == 1);
    }

    TEST_CASE("one viewer too many is told which limit and when to come, and may take pictures") {
        EndpointSettings settings;
        settings.stream.viewers->allow({.per_camera = 1});
        Stage stage(settings);
        std::optional<Viewer> viewer(std::in_place, stage.port());
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        const std::string picture = stage.turn();
        const auto answer_to = [&](const std::string& request) {
            Client client(stage.port());
            client.send(request + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            return client.receive_all();
        };
        for (const char* path : {"GET /stream", "GET /stream?width=320", "HEAD /stream",
                                 "GET /cameras/yard/video_feed", "GET /?action=stream"}) {
            CAPTURE(path);
            const std::string answer = answer_to(path);
            CHECK(answer.starts_with("HTTP/1.1 503 "));
            CHECK(answer.find("\r\nRetry-After: ") != std::string::npos);
            CHECK((answer.find("1 (--max-viewers-per-camera)") != std::string::npos) ==
                  std::string_view(path).starts_with("GET"));
        }
        CHECK(answer_to("GET /snapshot").ends_with(picture));
        // Who is there is not disturbed, and has a successor as soon as it is gone.
        viewer->read_head();
        CHECK(viewer->read_picture() == picture);
        SUBCASE("the viewer cuts its connection off") {
            viewer->client().reset();
        }
        SUBCASE("the viewer ends in good order") {
            viewer.reset();
        }
        CHECK(stage.until([&](Camera&) { return settings.stream.viewers->now() == 0; }));
        Viewer successor(stage.port());
        CHECK(successor.read_head().starts_with("HTTP/1.0 200 "));
    }

    TEST_CASE("the kernel is asked to keep little that has not left") {
        Stage stage;
        Viewer viewer(stage.port());
        REQUIRE(stage.until([](Camera& camera) { return viewers(camera) == 1; }));
        CHECK(unsent_low_water_of_server(stage.port()) == 16 * 1024);
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
