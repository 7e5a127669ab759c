// What is made of a camera's pictures, as its viewers ask for it over HTTP.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "component/endpoints/stage.hpp"
#include "component/http/served.hpp"
#include "unit/variants/fake_maker.hpp"

namespace onlooker::endpoints {

namespace {

using camera::Camera;
using camera::Supervision;
using http::test::Client;
using http::test::status_of;
using test::FakeMaker;
using test::Stage;
using test::viewers;

struct Answer {
    int status = 0;
    std::string head;
    std::string body;

    std::string field(std::string_view name) const {
        const std::string start = "\r\n" + std::string(name) + ": ";
        const auto place = head.find(start);
        if (place == std::string::npos)
            return {};
        const auto begin = place + start.size();
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
};

// On a connection that is kept.
Answer ask(Client& client, std::string_view target, std::string_view fields = "",
           std::string_view method = "GET") {
    client.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" +
                std::string(fields) + "\r\n");
    Answer answer;
    answer.head = client.receive_until("\r\n\r\n");
    answer.status = status_of(answer.head);
    if (method != "HEAD" && answer.status != 304)
        answer.body = client.receive_exactly(
            std::strtoul(answer.field("Content-Length").c_str(), nullptr, 10));
    return answer;
}

Answer get(Stage& stage, std::string_view target, std::string_view fields = "") {
    Client client(stage.port());
    return ask(client, target, fields);
}

nlohmann::json state(Stage& stage) {
    return nlohmann::json::parse(get(stage, "/state").body)["result"];
}

// A program that makes what the fake maker makes.
struct Workbench {
    explicit Workbench(std::size_t most = 16)
        : stage({}, test::settings_without_clock(), {most, maker.factory()}) {}

    // So many makings were begun.
    std::size_t begun() const { return maker.begun().size(); }

    FakeMaker maker;
    Stage stage;
};

// A stream of what `target` asks for.
class Viewer {
  public:
    Viewer(Stage& stage, std::string_view target) : client_(stage.port()) {
        client_.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        head_ = client_.receive_until("\r\n\r\n");
    }
    int status() const { return status_of(head_); }
    // The JPEG of the next part.
    std::string picture() {
        client_.receive_until("Content-Length: ");
        const std::string length = client_.receive_until("\r\n\r\n");
        return client_.receive_exactly(std::strtoul(length.c_str(), nullptr, 10));
    }
    void leave() { client_.close(); }

  private:
    Client client_;
    std::string head_;
};

const std::string made_picture = "\xff\xd8";  // see FakeMaker

}  // namespace

TEST_SUITE("pictures of another kind") {
    TEST_CASE("a stream on each address shows what its query asks for, made once for all") {
        Workbench bench;
        std::vector<std::unique_ptr<Viewer>> all;
        const std::vector<std::string> targets{"/stream?scale=1/2",
                                               "/stream.mjpg?scale=50%",
                                               "/video_feed?scale=0.5",
                                               "/?action=stream&scale=50",
                                               "/?action=stream_0&scale=2/4",
                                               "/cameras/yard/stream?scale=1/2&key=k",
                                               "/webcam/stream?scale=1/2&1700000000"};
        for (const std::string& target : targets)
            all.push_back(std::make_unique<Viewer>(bench.stage, target));
        bench.stage.turn();
        for (const auto& viewer : all) {
            CHECK(viewer->status() == 200);
            CHECK(viewer->picture() == made_picture);
        }
        CHECK(bench.begun() == 1);
        bench.stage.turn();
        for (const auto& viewer : all)
            CHECK(viewer->picture() == made_picture);
        CHECK(bench.begun() == 2);
    }

    TEST_CASE("a plain viewer beside it sees the camera's own picture") {
        Workbench bench;
        Viewer small(bench.stage, "/stream?scale=1/2");
        Viewer plain(bench.stage, "/stream?scale=1&rotate=0&width=");
        const std::string picture = bench.stage.turn();
        CHECK(plain.picture() == picture);
        CHECK(small.picture() == made_picture);
    }

    TEST_CASE("it is told in /state, with its viewers, and they are clients of the camera") {
        Workbench bench;
        Viewer first(bench.stage, "/stream?quality=40&key=first");
        Viewer second(bench.stage, "/stream?quality=40");
        Viewer plain(bench.stage, "/stream?key=plain");
        bench.stage.turn();
        first.picture();
        const auto told = state(bench.stage);
        const auto& variants = told["onlooker"]["variants"];
        REQUIRE(variants.size() == 1);
        CHECK(variants[0]["query"] == "quality=40");
        CHECK(variants[0]["viewers"] == 2);
        CHECK(variants[0]["frames"] == 1);
        CHECK(variants[0]["unusable"] == 0);
        CHECK(variants[0]["resolution"]["width"] == 640);
        CHECK(told["stream"]["clients"] == 3);
        std::multiset<std::string> shown;
        for (const auto& client : told["stream"]["clients_stat"])
            shown.insert(std::string(client["variant"]));
        CHECK(shown == std::multiset<std::string>{"", "quality=40", "quality=40"});
        first.leave();
        CHECK(http::test::eventually(
            [&] { return state(bench.stage)["onlooker"]["variants"][0]["viewers"] == 1; }));
    }

    TEST_CASE("a stream of one more than there may be is 503, with when to ask again and why") {
        Workbench bench(1);
        Viewer first(bench.stage, "/stream?quality=40");
        CHECK(first.status() == 200);
        const Answer answer = get(bench.stage, "/stream?quality=80");
        CHECK(answer.status == 503);
        CHECK(!answer.field("Retry-After").empty());
        CHECK(answer.body.size() > 40);
        CHECK(Viewer(bench.stage, "/stream?quality=40").status() == 200);
        CHECK(Viewer(bench.stage, "/stream").status() == 200);
    }

    TEST_CASE("to ask for the head makes nothing and opens no camera") {
        Workbench bench;
        Client client(bench.stage.port());
        CHECK(ask(client, "/stream?scale=1/2", "Connection: close\r\n", "HEAD").status == 200);
        Client other(bench.stage.port());
        CHECK(ask(other, "/stream?scale=half", "Connection: close\r\n", "HEAD").status == 400);
        CHECK(state(bench.stage)["onlooker"]["variants"].empty());
        CHECK(bench.stage.ask([](Camera& camera) { return camera.state(); }) ==
              Supervision::State::idle);
    }

    TEST_CASE("a loop of relays makes nothing either") {
        Workbench bench;
        const std::string via =
            "Via: 1.1 onlooker-1, 1.1 onlooker-2, 1.1 onlooker-3, 1.1 onlooker-4, 1.1 "
            "onlooker-5\r\n";
        CHECK(get(bench.stage, "/stream?scale=1/2", via).status == 508);
        CHECK(state(bench.stage)["onlooker"]["variants"].empty());
    }

    TEST_CASE("a snapshot is made for this once, and is no variant") {
        Workbench bench;
        Viewer plain(bench.stage, "/stream");
        const std::string picture = bench.stage.turn();
        CHECK(get(bench.stage, "/snapshot").body == picture);
        for (const char* target :
             {"/snapshot?scale=1/2", "/snapshot.jpg?quality=40", "/?action=snapshot&flip=h",
              "/cameras/yard/snapshot?width=80", "/snapshot?grey=1&fps=5&auto=1&max_delay=60000"}) {
            CAPTURE(target);
            const Answer answer = get(bench.stage, target);
            CHECK(answer.status == 200);
            CHECK(answer.body == made_picture);
            CHECK(answer.field("X-Picture-Old").empty());
        }
        const Answer half = get(bench.stage, "/snapshot?scale=1/2");
        CHECK(half.field("X-UStreamer-Width") == "320");
        // As a part of a stream says it.
        CHECK(half.field("X-Width") == "320");
        CHECK(half.field("X-Height") == "240");
        CHECK(half.field("X-Variant") == "scale=1/2");
        CHECK(get(bench.stage, "/snapshot").field("X-Variant").empty());
        // Frames a second are for streams.
        CHECK(get(bench.stage, "/snapshot?fps=5").body == picture);
        CHECK(get(bench.stage, "/snapshot?fps=fast").status == 400);
        CHECK(state(bench.stage)["onlooker"]["variants"].empty());
        CHECK(bench.stage.ask(viewers) == 1);
    }

    TEST_CASE("a snapshot of one's own size stands beside a small stream") {
        Workbench bench;
        Viewer small(bench.stage, "/stream?scale=1/4");
        const std::string picture = bench.stage.turn();
        CHECK(small.picture() == made_picture);
        CHECK(get(bench.stage, "/snapshot").body == picture);
        CHECK(get(bench.stage, "/snapshot?scale=1/2").field("X-UStreamer-Width") == "320");
    }

    TEST_CASE("each recipe has an ETag of its own, and what is known is not made again") {
        Workbench bench;
        Viewer plain(bench.stage, "/stream");
        bench.stage.turn();
        const std::string of_plain = get(bench.stage, "/snapshot").field("ETag");
        const std::string of_half = get(bench.stage, "/snapshot?scale=1/2").field("ETag");
        CHECK(of_half == get(bench.stage, "/snapshot?scale=50%").field("ETag"));
        CHECK(of_half != get(bench.stage, "/snapshot?quality=40").field("ETag"));
        CHECK(of_half != of_plain);
        // What an <img> is given is another picture: it turns it by itself.
        CHECK(get(bench.stage, "/snapshot?rotate=90").field("ETag") !=
              get(bench.stage, "/snapshot?rotate=90", "Sec-Fetch-Dest: image\r\n").field("ETag"));
        const std::size_t begun = bench.begun();
        CHECK(
            get(bench.stage, "/snapshot?scale=1/2", "If-None-Match: " + of_half + "\r\n").status ==
            304);
        CHECK(bench.begun() == begun);
        CHECK(
            get(bench.stage, "/snapshot?scale=1/2", "If-None-Match: " + of_plain + "\r\n").status ==
            200);
    }

    TEST_CASE("who polls two recipes on one connection gets each picture of both once") {
        Workbench bench;
        Viewer plain(bench.stage, "/stream");
        bench.stage.turn();
        Client client(bench.stage.port());
        CHECK(ask(client, "/snapshot?scale=1/2").status == 200);
        CHECK(ask(client, "/snapshot?quality=40").status == 200);
        CHECK(ask(client, "/snapshot").status == 200);
        // Now each waits for the next one.
        client.send("GET /snapshot?scale=1/2 HTTP/1.1\r\nHost: a\r\n\r\n");
        REQUIRE(bench.stage.until([](Camera& camera) { return viewers(camera) == 2; }));
        bench.stage.turn();
        CHECK(client.receive_until("\r\n\r\n").find("X-UStreamer-Width: 320") != std::string::npos);
    }

    TEST_CASE("a picture that cannot be made is 503 and says why") {
        Workbench bench;
        bench.maker.fail_with(
            [] { return media::VariantMaker::Unusable{"a block of it is broken"}; });
        Viewer plain(bench.stage, "/stream");
        bench.stage.turn();
        const Answer answer = get(bench.stage, "/snapshot?scale=1/2");
        CHECK(answer.status == 503);
        CHECK(answer.body.find("a block of it is broken") != std::string::npos);
        CHECK(answer.body.find("yard") != std::string::npos);
        CHECK(get(bench.stage, "/snapshot").status == 200);
    }
}

}  // namespace onlooker::endpoints
