#include "endpoints/login.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "access/links.hpp"
#include "access/names.hpp"
#include "access/passwords.hpp"
#include "base/text.hpp"
#include "endpoints/assets.hpp"
#include "endpoints/named_camera.hpp"
#include "http/foreign_pages.hpp"

namespace onlooker::endpoints {

namespace {

using access::BasicLogin;
using access::Gatekeeper;
using access::PasswordVerdict;
using http::Method;
using http::Request;
using http::Response;
using http::RouteParameters;
using http::Scope;

constexpr std::size_t longest_next = 1024;

// What was asked for, seen from the root, so that a prefix which a proxy strips does no harm.
std::string place_of(const Request& request) {
    const std::string_view target = request.target;
    const auto path = target.substr(0, target.find('?'));
    auto below = static_cast<std::size_t>(std::ranges::count(request.root, '/'));
    if (request.root == "./")
        below = 0;
    auto start = path.rfind('/');
    for (; below > 0 && start != std::string_view::npos && start > 0; --below)
        start = path.rfind('/', start - 1);
    return std::string(start == std::string_view::npos ? "" : target.substr(start + 1));
}

bool is_on_the_way_readable(const Request& request) {
    return !request.secure && !request.remote.address().is_loopback();
}

Response entrance(const Request& request, int status, std::string next, std::string_view refusal) {
    Response response;
    response.status = status;
    response.with("Content-Type", "text/html; charset=utf-8").with("Cache-Control", "no-store");
    response.body = login_page(
        {.root = request.root,
         .next = std::move(next),
         .refusal = std::string(refusal),
         .notice = is_on_the_way_readable(request)
                       ? "This page came over plain HTTP: whoever is on the way can read the "
                         "password, and watch."
                       : ""});
    return response;
}

// Always a place of ours: what stands behind "./" is no other host, whatever it is.
Response go_to(std::string_view place) {
    Response response;
    response.status = 303;
    response.with("Location", "./" + std::string(place)).with("Cache-Control", "no-store");
    response.body = std::string();
    return response;
}

std::string next_of(const http::Query& form) {
    const std::string_view next = form.get("next").value_or("");
    const bool is_plain = next.size() <= longest_next && std::ranges::all_of(next, [](char c) {
                              return c > ' ' && c < '\x7f' && c != '\\';
                          });
    return is_plain ? std::string(next) : std::string();
}

std::optional<BasicLogin> login_in(const http::Query& form) {
    const std::string_view name = trimmed(form.get("user").value_or(""));
    const std::string_view password = form.get("password").value_or("");
    if (!access::is_user_name(name) || password.empty() ||
        password.size() > access::longest_password)
        return std::nullopt;
    return BasicLogin{.name = std::string(name), .password = access::Secret(std::string(password))};
}

std::string words_for(const PasswordVerdict& verdict) {
    switch (verdict.is) {
        case PasswordVerdict::Is::too_many:
            return fmt::format(
                "There were too many wrong passwords. The next may be tried in {} seconds.",
                verdict.retry_after.count());
        case PasswordVerdict::Is::busy:
            return "Too many are signing in at this moment. Try again in a few seconds.";
        case PasswordVerdict::Is::unprotected:
            return "This server takes passwords over HTTPS only.";
        default:
            return "The name or the password is wrong.";
    }
}

int status_for(const PasswordVerdict& verdict) {
    switch (verdict.is) {
        case PasswordVerdict::Is::too_many:
            return 429;
        case PasswordVerdict::Is::busy:
            return 503;
        case PasswordVerdict::Is::unprotected:
            return 403;
        default:
            return 401;
    }
}

Response link_response(const std::string& camera, const std::string& query,
                       std::chrono::seconds life) {
    const nlohmann::json words{{"seconds", life.count()},
                               {"stream", camera + "/stream?" + query},
                               {"snapshot", camera + "/snapshot?" + query}};
    return Response::json(words.dump());
}

// Lives as long as its routes.
class Entrance : public std::enable_shared_from_this<Entrance> {
  public:
    Entrance(Gatekeeper& gatekeeper, const Cameras& cameras)
        : gatekeeper_(gatekeeper), cameras_(cameras) {}

    void fill(http::Router& router);

  private:
    Awaitable<Response> show(const Request& request) const;
    Awaitable<Response> log_in(const Request& request) const;
    Awaitable<Response> log_out(const Request& request) const;
    Awaitable<Response> link(const std::string& camera, const Request& request) const;
    http::Resolution link_of(const Request& request, const RouteParameters& parameters) const;

    Gatekeeper& gatekeeper_;
    const Cameras& cameras_;
};

Awaitable<Response> Entrance::show(const Request& request) const {
    if (request.pass && !request.pass->person().empty())
        co_return go_to("");
    co_return entrance(request, 200, {}, {});
}

Awaitable<Response> Entrance::log_in(const Request& request) const {
    if (!http::may_change(request))
        co_return Response::error(403, "Only a page of this server itself may sign in here.");
    const http::Query form = http::Query::parse(request.body);
    std::string next = next_of(form);
    auto login = login_in(form);
    if (!login)
        co_return entrance(request, 401, std::move(next), words_for({}));
    const auto result = co_await gatekeeper_.log_in(request, std::move(*login));
    if (!result.cookie.empty())
        co_return go_to(next).with("Set-Cookie", result.cookie);
    Response refusal =
        entrance(request, status_for(result.verdict), std::move(next), words_for(result.verdict));
    if (result.verdict.retry_after.count() > 0)
        refusal.with("Retry-After", std::to_string(result.verdict.retry_after.count()));
    co_return refusal;
}

Awaitable<Response> Entrance::log_out(const Request& request) const {
    if (!http::may_change(request))
        co_return Response::error(403, "Only a page of this server itself may sign out here.");
    const bool everywhere = http::Query::parse(request.body).get("everywhere") == "1";
    co_return go_to("").with("Set-Cookie", gatekeeper_.log_out(request, everywhere));
}

Awaitable<Response> Entrance::link(const std::string& camera, const Request& request) const {
    std::chrono::seconds life = access::default_link_life;
    const http::Query form = http::Query::parse(request.body);
    if (const auto seconds = form.get("seconds")) {
        const auto number = parse_number<std::uint32_t>(*seconds);
        if (!number || *number == 0 || std::chrono::seconds(*number) > access::longest_link_life)
            co_return Response::error(400, fmt::format("seconds: 1 to {}, for how long the link is "
                                                       "good.",
                                                       access::longest_link_life.count()));
        life = std::chrono::seconds(*number);
    }
    const auto query = gatekeeper_.make_link(camera, life);
    if (!query)
        co_return Response::error(409,
                                  "There is no key to sign links with; whoever runs this server "
                                  "makes one by onlooker key rotate --users FILE.");
    co_return link_response(request.prefix + "/cameras/" + camera, *query, life);
}

http::Resolution Entrance::link_of(const Request& request,
                                   const RouteParameters& parameters) const {
    auto named = camera_named(cameras_, parameters.get("name"));
    if (auto* refusal = std::get_if<Response>(&named))
        return std::move(*refusal);
    // It may be taken away while a password is looked at.
    const auto& found = std::get<CameraPtr>(named);
    return http::Target{found->name(),
                        [this, camera = found, &request] { return link(camera->name(), request); }};
}

void Entrance::fill(http::Router& router) {
    using Answer = Awaitable<Response> (Entrance::*)(const Request&) const;
    const auto self = shared_from_this();
    const auto handler = [self](Answer answer) -> http::Handler {
        return [self, answer](const Request& request, const RouteParameters&) {
            return (self.get()->*answer)(request);
        };
    };
    router.add({Method::get}, "/login", Scope::public_, handler(&Entrance::show));
    router.add({Method::post}, "/login", Scope::public_, handler(&Entrance::log_in));
    router.add({Method::post}, "/logout", Scope::public_, handler(&Entrance::log_out));
    const http::Resolver link = [self](const Request& request, const RouteParameters& parameters) {
        return self->link_of(request, parameters);
    };
    router.add({Method::post}, "/cameras/{name}/link", Scope::admin, link);
}

}  // namespace

void add_login(http::Router& router, Gatekeeper& gatekeeper, const Cameras& cameras) {
    std::make_shared<Entrance>(gatekeeper, cameras)->fill(router);
}

Response login_response(const Request& request, std::string_view refusal) {
    return entrance(request, 401, place_of(request), refusal);
}

}  // namespace onlooker::endpoints
