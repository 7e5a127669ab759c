// The gate knows of each address which camera it is about and what is wanted of it.
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "endpoints/endpoints.hpp"
#include "support/scripted_driver.hpp"
#include "support/simple_gate.hpp"

using namespace onlooker;
using http::Access;
using http::Request;
using http::Response;
using http::Scope;

namespace {

// Two cameras, yard and bed, behind a gate that remembers what it was asked.
class House {
  public:
    explicit House(test::Decision decision, std::shared_ptr<http::Pass> pass = nullptr)
        : router_(http::Cors{}, test::simple_gate(
                                    [this, decision = std::move(decision)](const Access& access) {
                                        asked_.emplace_back(access.resource);
                                        return decision(access);
                                    },
                                    std::move(pass))) {
        for (const char* name : {"yard", "bed"}) {
            camera::Camera::Settings settings;
            settings.name = name;
            cameras_.push_back(
                std::make_unique<camera::Camera>(loop_.get_executor(), std::move(settings), [] {
                    return std::make_unique<test::ScriptedDriver>(
                        [](camera::CaptureContext& context) {
                            return test::steady_pictures(context, std::chrono::milliseconds(10));
                        });
                }));
        }
        endpoints::add_endpoints(router_, loop_.get_executor(), cameras_, variants_, {});
    }

    // The status of the answer to a GET.
    int ask(std::string path, std::string_view query = {}) {
        Request request;
        request.target = path;
        request.path = std::move(path);
        request.query = http::Query::parse(query);
        int status = 0;
        asio::co_spawn(loop_, answer(request, status), [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
        loop_.restart();
        loop_.poll();
        return status;
    }

    // Every address of the table that names a camera, with this name.
    std::vector<std::string> addresses_of(std::string_view camera) const {
        constexpr std::string_view place = "{name}";
        std::vector<std::string> addresses;
        for (std::string pattern : router_.patterns()) {
            if (const auto found = pattern.find(place); found != std::string::npos)
                addresses.push_back(pattern.replace(found, place.size(), camera));
        }
        return addresses;
    }

    bool all_closed() const {
        return std::ranges::all_of(cameras_, [](const auto& camera) {
            return camera->state() == camera::Supervision::State::idle;
        });
    }
    // Of the last answer, if it was text.
    const std::string& body() const noexcept { return body_; }
    const std::vector<std::string>& asked() const noexcept { return asked_; }

  private:
    Awaitable<> answer(Request& request, int& status) {
        const Response response = co_await router_.answer(request);
        status = response.status;
        const auto* text = std::get_if<std::string>(&response.body);
        body_ = text != nullptr ? *text : "";
    }

    asio::io_context loop_;
    std::vector<std::string> asked_;
    std::string body_;
    endpoints::Cameras cameras_;
    variants::Variants variants_{loop_.get_executor(), {}};
    http::Router router_;
};

std::optional<Response> nobody_views_bed(const Access& access) {
    if (access.scope == Scope::view && access.resource == "bed")
        return Response::error(403, "Not for you.");
    return std::nullopt;
}

// Of somebody who may view one camera.
class PassTo final : public http::Pass {
  public:
    explicit PassTo(std::string camera) : camera_(std::move(camera)) {}
    bool allows(Scope scope, std::string_view camera) const override {
        return scope == Scope::view && camera == camera_;
    }
    void on_end(std::function<void()>) override {}

  private:
    std::string camera_;
};

std::optional<Response> everybody_comes_in(const Access&) {
    return std::nullopt;
}

}  // namespace

TEST_SUITE("gate of the endpoints") {
    TEST_CASE("every address of a camera that may not be viewed is refused, and it stays closed") {
        House house(nobody_views_bed);
        const std::vector<std::string> addresses = house.addresses_of("bed");
        CHECK(addresses.size() >= 8);
        for (const std::string& address : addresses) {
            CAPTURE(address);
            CHECK(house.ask(address) == 403);
        }
        CHECK(house.ask("/webcam/cameras/bed/stream") == 403);
        CHECK(house.all_closed());
    }

    TEST_CASE("so are the actions of mjpg-streamer that number it, whatever stands before them") {
        House house(nobody_views_bed);
        for (const char* path : {"/", "/webcam", "/webcam/"}) {
            CHECK(house.ask(path, "action=snapshot_1") == 403);
            CHECK(house.ask(path, "action=stream_1") == 403);
        }
        CHECK(house.all_closed());
    }

    TEST_CASE("other cameras and other scopes are not") {
        House house(nobody_views_bed);
        CHECK(house.ask("/cameras/yard/state") == 200);
        CHECK(house.ask("/state") == 200);
        CHECK(house.ask("/frames.csv") == 200);
        CHECK(house.ask("/", "action=snapshot_2") == 404);
        CHECK(house.ask("/style.css") == 200);
        CHECK(house.ask("/healthz") == 200);
    }

    TEST_CASE("an action is the word that its parameter begins with, as for mjpg-streamer") {
        House house(nobody_views_bed);
        for (const char* query :
             {"action=snapshot_1?1", "action=stream_1?nonce=1", "action=stream_1%3Fnonce=1",
              "action=stream_1;x", "action=stream_1%20", "action=+stream_1", "action=stream_1,1700",
              "ACTION=Stream_1", "action=stream_1%26x=1", "?action=stream_1",
              "1700&action=stream_1", "x=1&amp;action=snapshot_1",
              "action=stream_1&action=nonesuch"}) {
            CAPTURE(query);
            CHECK(house.ask("/", query) == 403);
        }
        for (const char* query : {"action=", "action", "action=streams", "action=nonce%3Fstream",
                                  "action=stream_x", "action=stream_-1", "action=stream_1x"})
            CHECK(house.ask("/", query) == 400);
        CHECK(house.ask("/", "nonce=1%26action=stream_1") == 200);
    }

    TEST_CASE("a topic of ROS is of the camera that is a part of its name") {
        House house(nobody_views_bed);
        for (const char* query :
             {"topic=/bed/image_raw&type=mjpeg", "topic=bed", "topic=/house/bed/image&quality=50",
              "topic=/bed/image_raw&type=", "topic=/bed&type=MJPEG&width=&height="}) {
            CAPTURE(query);
            CHECK(house.ask("/stream", query) == 403);
            CHECK(house.ask("/snapshot", query) == 403);
            CHECK(house.ask("/webcam/stream", query) == 403);
        }
        for (const char* query : {"topic=/roof/image_raw", "topic=/bedroom/image_raw", "topic=/"}) {
            CAPTURE(query);
            CHECK(house.ask("/stream", query) == 404);
            CHECK(house.ask("/snapshot", query) == 404);
        }
        CHECK(house.body().find("The cameras are: yard, bed.") != std::string::npos);
        for (const char* type : {"vp8", "h264", "png", "ros_compressed"}) {
            CHECK(house.ask("/stream", std::string("topic=/bed/image_raw&type=") + type) == 400);
            CHECK(house.body().find(type) != std::string::npos);
            CHECK(house.body().find("type=mjpeg") != std::string::npos);
        }
        CHECK(house.all_closed());
        // Where the path names the camera, or nobody names a topic, it means nothing.
        CHECK(house.ask("/state", "topic=/roof&type=png") == 200);
        CHECK(house.ask("/cameras/bed/stream", "topic=/yard") == 403);
        CHECK(house.ask("/snapshot", "topic=&width=wide") == 400);
    }

    TEST_CASE("words that make no sense are refused on each address that shows pictures") {
        House house(everybody_comes_in);
        for (const char* path :
             {"/stream", "/stream.mjpg", "/video_feed", "/snapshot", "/snapshot.jpg",
              "/cameras/bed/stream", "/cameras/bed/stream.mjpg", "/cameras/bed/video_feed",
              "/cameras/bed/snapshot", "/cameras/bed/snapshot.jpg", "/webcam/stream"}) {
            CAPTURE(path);
            CHECK(house.ask(path, "width=wide") == 400);
            CHECK(house.body().find("width=wide: ") != std::string::npos);
        }
        for (const char* action : {"stream", "snapshot", "stream_1", "snapshot_1"})
            CHECK(house.ask("/", std::string("flip=1&action=") + action) == 400);
        CHECK(house.all_closed());
        CHECK(house.ask("/state", "width=wide") == 200);
    }

    TEST_CASE("the page and the health show each reader the cameras that are for it") {
        House all(everybody_comes_in);
        House house(everybody_comes_in, std::make_shared<PassTo>("bed"));
        const auto says = [&](House& asked, const char* path, std::string_view words) {
            CHECK(asked.ask(path) == 200);
            return asked.body().find(words) != std::string::npos;
        };
        CHECK(says(all, "/", "./cameras/yard/stream"));
        CHECK(says(all, "/", "src=\"/video_feed\""));
        CHECK(says(all, "/healthz", "yard"));
        CHECK_FALSE(says(house, "/", "yard"));
        CHECK(says(house, "/", "src=\"./cameras/bed/stream\""));
        CHECK(says(house, "/", "href=\"./cameras/bed/snapshot\""));
        CHECK_FALSE(says(house, "/healthz", "yard"));
        CHECK(says(house, "/healthz", "bed"));
        // Nor does a topic of no camera tell of the others.
        CHECK(house.ask("/stream", "topic=/roof") == 404);
        CHECK(house.body().find("The cameras are: bed.") != std::string::npos);
        House nothing(everybody_comes_in, std::make_shared<PassTo>("roof"));
        CHECK(nothing.ask("/") == 403);
    }

    TEST_CASE("the gate hears the camera's name, and none where there is none") {
        House house(everybody_comes_in);
        house.ask("/state");
        house.ask("/cameras/bed/state");
        house.ask("/cameras/roof/state");
        house.ask("/");
        house.ask("/", "action=nothing_1");
        CHECK(house.asked() == std::vector<std::string>{"yard", "bed", "", "", ""});
    }
}
