// Two cameras with controls, yard and bed, and everything that can be asked of them.
#pragma once

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/api.hpp"
#include "api/event_hub.hpp"
#include "endpoints/endpoints.hpp"
#include "support/controlled_driver.hpp"
#include "support/simple_gate.hpp"
#include "support/test_loop.hpp"
#include "variants/variants.hpp"

namespace onlooker::test {

inline endpoints::CameraPtr controlled_camera(Executor executor, const char* name) {
    camera::Camera::Settings settings;
    settings.name = name;
    settings.title = std::string("The ") + name;
    settings.driver = "scripted";
    return std::make_shared<camera::Camera>(executor, std::move(settings), [] {
        return std::make_unique<ScriptedDriver>(controlled_pictures, 200);
    });
}

// Somebody who may view and control one camera.
class PassTo final : public http::Pass {
  public:
    explicit PassTo(std::string camera) : camera_(std::move(camera)) {}
    bool allows(http::Scope scope, std::string_view camera) const override {
        return scope != http::Scope::admin && camera == camera_;
    }
    std::string_view person() const override { return "anna"; }
    void on_end(std::function<void()>) override {}

  private:
    std::string camera_;
};

inline std::optional<http::Response> everybody(const http::Access&) {
    return std::nullopt;
}

class House : public TestLoop {
  public:
    explicit House(Decision decision = everybody, std::shared_ptr<http::Pass> pass = nullptr)
        : router(http::Cors{}, simple_gate(std::move(decision), std::move(pass))) {
        endpoints::EndpointSettings settings;
        settings.instance_id = "here";
        settings.stream.viewers->allow({.total = 9});
        endpoints::add_endpoints(router, loop.get_executor(), cameras, variants, settings);
        api::add_api(router, cameras, variants, events,
                     {.version = "1.2.3",
                      .instance_id = "here",
                      .viewers = settings.stream.viewers,
                      .most_variants = 16,
                      .load = {}});
    }
    House(const House&) = delete;
    House& operator=(const House&) = delete;
    ~House() {
        answers.clear();
        lookers.clear();
        events.close();
        for (const auto& camera : cameras)
            camera->close();
        variants.close();
        work.reset();
        loop.restart();
        loop.run();
    }

    struct Asked {
        http::Request request;
        http::Response response;
        bool is_answered = false;

        std::string body() const {
            const auto* text = std::get_if<std::string>(&response.body);
            return text != nullptr ? *text : "";
        }
        nlohmann::json json() const { return nlohmann::json::parse(body(), nullptr, false); }
        std::string field(std::string_view name) const {
            const auto found = std::ranges::find(
                response.headers, name, [](const auto& each) -> const auto& { return each.name; });
            return found == response.headers.end() ? "" : found->value;
        }
    };

    // Until it is answered.
    const Asked& ask(http::Method method, std::string target, std::string body = {},
                     std::vector<http::Header> headers = {}) {
        Asked& asked = *answers.emplace_back(std::make_unique<Asked>());
        asked.request.method = method;
        asked.request.target = target;
        const auto mark = target.find('?');
        asked.request.path = target.substr(0, mark);
        if (mark != std::string::npos)
            asked.request.query = http::Query::parse(target.substr(mark + 1));
        asked.request.headers = std::move(headers);
        asked.request.headers.push_back({"Host", "cam.local:5000"});
        asked.request.body = std::move(body);
        asio::co_spawn(loop, answer(asked), [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
        CHECK(run_until([&] { return asked.is_answered; }));
        return asked;
    }
    const Asked& get(std::string target) { return ask(http::Method::get, std::move(target)); }
    const Asked& patch(std::string target, std::string body) {
        return ask(http::Method::patch, std::move(target), std::move(body),
                   {{"Content-Type", "application/json"}});
    }

    // Somebody looks at it until the house goes, and its pictures come.
    void watch(std::size_t index) {
        lookers.push_back(std::make_unique<camera::Viewing>(cameras[index]->feed(), description()));
        CHECK(run_until(
            [&] { return cameras[index]->live() && !cameras[index]->controls().empty(); }));
    }
    static camera::Viewing::Description description() {
        camera::Viewing::Description made;
        made.format = "length";
        made.key = "me";
        return made;
    }

    endpoints::Cameras cameras{controlled_camera(loop.get_executor(), "yard"),
                               controlled_camera(loop.get_executor(), "bed")};
    variants::Variants variants{loop.get_executor(), {}};
    api::EventHub events{loop.get_executor(), cameras};
    http::Router router;
    std::vector<std::unique_ptr<Asked>> answers;
    std::vector<std::unique_ptr<camera::Viewing>> lookers;

  private:
    Awaitable<> answer(Asked& asked) {
        asked.response = co_await router.answer(asked.request);
        asked.is_answered = true;
    }
};

}  // namespace onlooker::test
