#include "http/router.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <exception>
#include <iterator>
#include <new>
#include <stdexcept>

#include "base/text.hpp"
#include "http/message/path.hpp"
#include "http/message/request_target.hpp"

namespace onlooker::http {

namespace {

bool is_parameter(std::string_view segment) noexcept {
    return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

// From a path of the table to "/".
std::string way_to_root(std::string_view path) {
    std::string way;
    for (auto rest = path.substr(std::min<std::size_t>(path.size(), 1)); !rest.empty();
         rest.remove_prefix(1)) {
        if (rest.front() == '/')
            way += "../";
    }
    return way.empty() ? "./" : way;
}

// It claims to be: whether it is, the gate finds out.
bool is_signed(const Request& request) noexcept {
    return request.query.has("sig");
}

std::string allow_list(const std::vector<Method>& methods) {
    std::string list;
    const auto has = [&](Method method) {
        return std::ranges::find(methods, method) != methods.end();
    };
    if (has(Method::get))
        list += "GET, HEAD, ";
    if (has(Method::post))
        list += "POST, ";
    if (has(Method::patch))
        list += "PATCH, ";
    return list + "OPTIONS";
}

Resolver without_resource(Handler handler) {
    if (!handler)
        return {};
    return [handler = std::move(handler)](const Request& request,
                                          const RouteParameters& parameters) -> Resolution {
        return Target{{}, [&] { return handler(request, parameters); }};
    };
}

}  // namespace

std::string_view RouteParameters::get(std::string_view name) const noexcept {
    for (const auto& [key, value] : values_) {
        if (key == name)
            return value;
    }
    return {};
}

void RouteParameters::add(std::string_view name, std::string_view value) {
    values_.emplace_back(name, value);
}

Awaitable<Verdict> open_gate(Access) {
    co_return Verdict::let_in(nullptr);
}

Route::Route(std::vector<Method> methods, std::string_view pattern, Scope scope, Resolver resolver)
    : methods_(std::move(methods)),
      pattern_(pattern),
      scope_(scope),
      resolver_(std::move(resolver)) {
    if (!pattern.starts_with('/') || methods_.empty() || !resolver_)
        throw std::invalid_argument("route \"" + std::string(pattern) +
                                    "\" needs a path that begins with '/', a method and a handler");
    while (!pattern.empty())
        segments_.emplace_back(take_segment(pattern));
}

Route::Route(std::vector<Method> methods, std::string_view pattern, Scope scope, Handler handler)
    : Route(std::move(methods), pattern, scope, without_resource(std::move(handler))) {}

std::optional<RouteParameters> Route::match(std::string_view path) const {
    RouteParameters parameters;
    for (const std::string& wanted : segments_) {
        if (path.empty() || path.front() != '/')
            return std::nullopt;
        const std::string_view segment = take_segment(path);
        if (is_parameter(wanted) && !segment.empty())
            parameters.add(std::string_view(wanted).substr(1, wanted.size() - 2), segment);
        else if (segment != wanted)
            return std::nullopt;
    }
    if (!path.empty())
        return std::nullopt;
    return parameters;
}

void Route::add_names(std::vector<std::string>& names) const {
    std::ranges::copy_if(segments_, std::back_inserter(names), [](const std::string& segment) {
        return !segment.empty() && !is_parameter(segment);
    });
}

bool Route::answers(Method method) const noexcept {
    if (method == Method::head)
        method = Method::get;
    return std::ranges::find(methods_, method) != methods_.end();
}

Router::Router(Cors cors, Gate gate, HostNames names)
    : cors_(std::move(cors)), names_(std::move(names)), gate_(std::move(gate)) {
    assert(gate_);
}

std::vector<std::string> Router::patterns() const {
    std::vector<std::string> all;
    all.reserve(routes_.size());
    for (const auto& route : routes_)
        all.push_back(route->pattern());
    return all;
}

void Router::Match::consider(const Route& candidate, Method method, RouteParameters its) {
    allowed.insert(allowed.end(), candidate.methods().begin(), candidate.methods().end());
    if (!route && candidate.answers(method)) {
        route = &candidate;
        parameters = std::move(its);
    }
}

Router::Match Router::match_path(Method method, std::string_view path) const {
    Match match;
    for (const auto& route : routes_) {
        if (auto parameters = route->match(path))
            match.consider(*route, method, std::move(*parameters));
    }
    return match;
}

void Router::strip_prefixes(ProxyPrefix::Settings settings) {
    for (const auto& route : routes_)
        route->add_names(settings.never);
    prefix_ = ProxyPrefix(std::move(settings));
}

Router::Match Router::find(const Request& request) const {
    Match match = match_path(request.method, request.path);
    if (!match.allowed.empty()) {
        match.root = way_to_root(request.path);
        return match;
    }
    if (const auto path = prefix_.rest(request.path)) {
        match = match_path(request.method, *path);
        match.root = way_to_root(*path);
    }
    if (match.allowed.empty() && otherwise_ && prefix_.is_all_of(request.path)) {
        if (const Route* chosen = otherwise_(request))
            match.consider(*chosen, request.method, {});
    }
    return match;
}

Response Router::answer_options(const Request& request, const std::vector<Method>& allowed) const {
    Response response;
    response.status = 204;
    response.with("Allow", allow_list(allowed));
    cors_.answer_preflight(request, allow_list(allowed), response);
    return response;
}

// One limit for each route, so that a broken one does not hide the others.
void Router::log_failure(const Route* route, const Request& request, std::string_view what) const {
    LimitedLog& log = route ? route->failures() : failures_;
    log.write(spdlog::level::err, "{} {} failed: {}", to_string(request.method),
              shown_target(request.target), escaped(what));
}

Response Router::answer_without_route(const Request& request,
                                      const std::vector<Method>& allowed) const {
    if (request.method == Method::options && request.path == "*")
        return answer_options(request, {Method::get, Method::post});
    if (allowed.empty())
        return Response::error(404, "There is nothing at this address; see / for what is.");
    if (request.method == Method::options)
        return answer_options(request, allowed);
    return Response::error(405, "This address does not know this method.")
        .with("Allow", allow_list(allowed));
}

void Router::finish(const Request& request, Response& response) const {
    if (response.status < 400)
        return;
    ++refusals_[response.status];
    if (rewording_)
        rewording_(request, response);
}

// What any request can be refused for, before it is known what exactly it asks for.
std::optional<Response> Router::refuse(const Request& request, const Match& match) const {
    if (request.method == Method::other)
        return Response::error(501, "This method is not known here.");
    if (auto refusal = names_.refuse(request))
        return refusal;
    if (!match.route || is_signed(request))
        return std::nullopt;
    return refuse_page(request, *match.route);
}

std::optional<Response> Router::refuse_page(const Request& request, const Route& route) const {
    if (route.scope() == Scope::public_)
        return std::nullopt;
    return foreign_pages_.refuse(cors_, request, route.scope() != Scope::view);
}

// Resolved first and then asked about, for a gate that decides per resource.
Awaitable<Response> Router::answer_route(Request& request, const Match& match) const {
    Resolution resolution = match.route->resolver()(request, match.parameters);
    const auto* target = std::get_if<Target>(&resolution);
    const Access access{request, target && target->scope ? *target->scope : match.route->scope(),
                        target ? target->resource : std::string_view()};
    Verdict verdict = co_await gate_(access);
    if (verdict.refusal)
        co_return std::move(*verdict.refusal);
    request.pass = std::move(verdict.pass);
    if (is_signed(request) && !(request.pass && request.pass->for_any_page())) {
        if (auto refusal = refuse_page(request, *match.route))
            co_return std::move(*refusal);
    }
    if (target)
        co_return co_await target->answer();
    co_return std::move(std::get<Response>(resolution));
}

Awaitable<Response> Router::answer(Request& request) const {
    Response response;
    Match match;
    try {
        proxies_.believe(request);
        match = find(request);
        request.root = match.root;
        if (auto refusal = refuse(request, match))
            response = std::move(*refusal);
        else if (match.route)
            response = co_await answer_route(request, match);
        else
            response = answer_without_route(request, match.allowed);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        log_failure(match.route, request, error.what());
        response =
            Response::error(500, "Something went wrong here; the log of the server says what.");
    }
    finish(request, response);
    // What is said of pages of the same host is true of a host that is ours only.
    if (response.status != 421)
        cors_.decorate(request, response);
    if (request.pass && request.pass->for_any_page())
        response.replace("Cross-Origin-Resource-Policy", "cross-origin");
    co_return response;
}

}  // namespace onlooker::http
