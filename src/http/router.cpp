#include "http/router.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <new>
#include <stdexcept>

#include "base/text.hpp"

namespace onlooker::http {

namespace {

bool is_parameter(std::string_view segment) noexcept {
    return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}

// Takes "/segment" off the front of `path`.
std::string_view take_segment(std::string_view& path) noexcept {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, std::min(path.find('/'), path.size()));
    path.remove_prefix(segment.size());
    return segment;
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
    return list + "OPTIONS";
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

Route::Route(std::initializer_list<Method> methods, std::string_view pattern, Scope scope,
             Handler handler)
    : methods_(methods), pattern_(pattern), scope_(scope), handler_(std::move(handler)) {
    if (!pattern.starts_with('/') || methods_.empty() || !handler_)
        throw std::invalid_argument("route \"" + std::string(pattern) +
                                    "\" needs a path that begins with '/', a method and a handler");
    while (!pattern.empty())
        segments_.emplace_back(take_segment(pattern));
}

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

bool Route::answers(Method method) const noexcept {
    if (method == Method::head)
        method = Method::get;
    return std::ranges::find(methods_, method) != methods_.end();
}

Router::Router(Cors cors) : cors_(std::move(cors)) {}

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

bool Router::may_be_prefix(std::string_view segment) const {
    return !segment.empty() && std::ranges::none_of(routes_, [segment](const auto& route) {
        return route->begins_with(segment);
    });
}

Router::Match Router::find(const Request& request) const {
    std::string_view path = request.path;
    Match match = match_path(request.method, path);
    while (strips_prefixes_ && match.allowed.empty() && path.starts_with('/') &&
           may_be_prefix(take_segment(path)))
        match = match_path(request.method, path);
    const Route* chosen = match.allowed.empty() && otherwise_ ? otherwise_(request) : nullptr;
    if (chosen)
        match.consider(*chosen, request.method, {});
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
              escaped(request.target), escaped(what));
}

Awaitable<Response> Router::answer(const Request& request) const {
    Response response;
    Match match;
    try {
        match = find(request);
        if (request.method == Method::other)
            response = Response::error(501, "This method is not known here.");
        else if (match.route)
            response = co_await match.route->handler()(request, match.parameters);
        else if (request.method == Method::options && request.path == "*")
            response = answer_options(request, {Method::get, Method::post});
        else if (match.allowed.empty())
            response = Response::error(404, "There is nothing at this address; see / for what is.");
        else if (request.method == Method::options)
            response = answer_options(request, match.allowed);
        else
            response = Response::error(405, "This address does not know this method.")
                           .with("Allow", allow_list(match.allowed));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        log_failure(match.route, request, error.what());
        response =
            Response::error(500, "Something went wrong here; the log of the server says what.");
    }
    cors_.decorate(request, response);
    co_return response;
}

}  // namespace onlooker::http
