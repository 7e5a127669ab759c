#include "unit/endpoints/guarded_house.hpp"

#include <asio/co_spawn.hpp>
#include <asio/ip/address.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>
#include <variant>

#include "access/passwords.hpp"
#include "access/tokens.hpp"
#include "access/users_file.hpp"
#include "endpoints/login.hpp"
#include "support/scripted_driver.hpp"

namespace onlooker::test {

using http::Method;
using http::Request;
using http::Scope;

namespace {

const std::string& hash_of_sesame() {
    static const std::string hash = access::hash_password(access::Secret("sesame!!"));
    return hash;
}

void put_users(access::UsersText& text) {
    const auto user = [&](const char* name, const char* scopes,
                          std::vector<std::string> cameras = {}) {
        text.put(access::User{
            .name = name,
            .hash = hash_of_sesame(),
            .grant = access::Grant(*access::Scopes::parse(scopes), std::move(cameras))});
    };
    user("viewer", "view");
    user("guest", "view", {"bed"});
    user("pusher", "push");
    user("keeper", "control");
    user("owner", "admin");
}

}  // namespace

std::string basic(std::string_view text) {
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string coded;
    for (std::size_t at = 0; at < text.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = (group << 8U) |
                    (at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            coded += at + i <= text.size() ? letters[(group >> (18 - 6 * i)) & 63U] : '=';
    }
    return "Basic " + coded;
}

HouseUsers::HouseUsers() {
    std::string folder = "/tmp/onlooker-users-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    auto token = access::make_token("printer", access::Grant(access::Scopes(Scope::view), {"bed"}),
                                    std::chrono::year_month_day{std::chrono::sys_days{}});
    token_ = std::string(token.shown.view());
    access::edit_users_file(path(), access::IfMissing::make, [&](access::UsersText& text) {
        put_users(text);
        text.put(token.entry);
    });
}

HouseUsers::~HouseUsers() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

bool Visitor::may(Scope scope, std::string_view camera) const {
    return std::ranges::find(scopes, scope) != scopes.end() &&
           (cameras.empty() || std::ranges::find(cameras, camera) != cameras.end());
}

GuardedHouse::GuardedHouse(const Mutation& mutation)
    : gatekeeper_(loop_.get_executor(),
                  {.users_file = users_.path(),
                   .port = 5000,
                   .login_page =
                       [](const Request& request) { return endpoints::login_response(request); }}),
      gate_(mutation(gatekeeper_.gate())),
      router_(http::Cors{}, [this](http::Access access) { return judge_now(access); }) {
    for (const char* name : cameras_of_house) {
        camera::Camera::Settings settings;
        settings.name = name;
        cameras_.push_back(
            std::make_unique<camera::Camera>(loop_.get_executor(), std::move(settings), [] {
                return std::make_unique<ScriptedDriver>([](camera::CaptureContext& context) {
                    return steady_pictures(context, std::chrono::milliseconds(10));
                });
            }));
    }
    endpoints::add_endpoints(router_, loop_.get_executor(), cameras_, variants_, {});
    endpoints::add_login(router_, gatekeeper_, cameras_);
    events_.refresh({});
    api::add_api(router_, cameras_, variants_, events_,
                 {.version = "1",
                  .instance_id = "here",
                  .viewers = std::make_shared<endpoints::ViewerCount>(),
                  .load = {},
                  .has_users = true});
}

GuardedHouse::~GuardedHouse() {
    events_.close();
    for (const auto& camera : cameras_)
        camera->close();
    gatekeeper_.close();
    loop_.restart();
    loop_.run();
}

Awaitable<http::Verdict> GuardedHouse::judge_now(http::Access access) {
    judgement_ = {std::string(access.resource), std::nullopt};
    http::Verdict verdict = co_await gate_(access);
    if (verdict.refusal)
        judgement_.refusal = std::get<std::string>(verdict.refusal->body);
    requests_.back().is_judged = true;
    co_return verdict;
}

Awaitable<> GuardedHouse::answer(Asked& asked) {
    asked.response = co_await router_.answer(asked.request);
    asked.is_answered = true;
}

GuardedHouse::Asked& GuardedHouse::send(Method method, std::string path, const Visitor& visitor,
                                        std::string body) {
    Asked& asked = requests_.emplace_back();
    Request& request = asked.request;
    request.method = method;
    request.target = path;
    request.path = std::move(path);
    request.query = http::Query::parse(visitor.query);
    request.headers = visitor.headers;
    request.body = std::move(body);
    request.remote = {asio::ip::make_address("192.0.2.9"), 4711};
    asio::co_spawn(loop_, answer(asked), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    loop_.restart();
    return asked;
}

Judgement GuardedHouse::judge(Method method, std::string path, const Visitor& visitor) {
    const Asked& asked = send(method, std::move(path), visitor, {});
    while (!asked.is_judged && !asked.is_answered)
        loop_.run_one();
    loop_.poll();
    return judgement_;
}

const http::Response& GuardedHouse::ask(Method method, std::string path, const Visitor& visitor,
                                        std::string body) {
    const Asked& asked = send(method, std::move(path), visitor, std::move(body));
    while (!asked.is_answered)
        loop_.run_one();
    return asked.response;
}

std::shared_ptr<http::Pass> GuardedHouse::pass_for(std::string path, const Visitor& visitor) {
    ask(Method::get, std::move(path), visitor);
    return std::move(requests_.back().request.pass);
}

std::string GuardedHouse::log_in(const char* name) {
    const http::Response& response = ask(Method::post, "/login", {.name = "login"},
                                         fmt::format("user={}&password=sesame!!", name));
    for (const http::Header& header : response.headers) {
        if (header.name == "Set-Cookie")
            return header.value.substr(0, header.value.find(';'));
    }
    return {};
}

}  // namespace onlooker::test
