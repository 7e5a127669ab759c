// From a request to the function that answers it: an exact table of paths.
//
//     router.add({Method::get}, "/cameras/{name}/snapshot", Scope::view, snapshot);
//
// No path of a URL is ever made into a path of the file system. HEAD is answered by the GET route,
// OPTIONS by the router. What a handler throws becomes a 500 and a limited line in the log.
//
// Thread: the loop; filled before the server starts.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "http/cors.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"

namespace onlooker::http {

// What a client must be allowed to do to use a route. There is no default on purpose. Not enforced
// yet: there are no users, and whoever reaches the server may use every route.
enum class Scope : std::uint8_t { public_, view, control, admin };

// The values of the {names} of a pattern.
class RouteParameters {
  public:
    // Empty if the pattern has no such name.
    std::string_view get(std::string_view name) const noexcept;
    void add(std::string_view name, std::string_view value);

  private:
    std::vector<std::pair<std::string, std::string>> values_;
};

// The request and the parameters live until the coroutine has ended: it may take references.
using Handler = std::function<Awaitable<Response>(const Request&, const RouteParameters&)>;

class Route {
  public:
    // `pattern`: '/', then segments separated by '/', each literal or "{name}", which stands for
    // exactly one segment that is not empty. Throws std::invalid_argument for anything else.
    Route(std::initializer_list<Method> methods, std::string_view pattern, Scope scope,
          Handler handler);

    // The parameters if `path` fits.
    std::optional<RouteParameters> match(std::string_view path) const;
    bool begins_with(std::string_view segment) const noexcept { return segments_[0] == segment; }
    bool answers(Method method) const noexcept;  // HEAD where GET is
    const std::vector<Method>& methods() const noexcept { return methods_; }
    const std::string& pattern() const noexcept { return pattern_; }
    Scope scope() const noexcept { return scope_; }
    const Handler& handler() const noexcept { return handler_; }
    // Where to tell what its handler throws.
    LimitedLog& failures() const noexcept { return failures_; }

  private:
    std::vector<Method> methods_;
    std::string pattern_;
    std::vector<std::string> segments_;
    Scope scope_;
    Handler handler_;
    mutable LimitedLog failures_;
};

class Router {
  public:
    // Chooses a route by something other than the path, such as ?action=; null: none.
    using Chooser = std::function<const Route*(const Request&)>;

    explicit Router(Cors cors = {});

    void add(Route route) { routes_.push_back(std::make_unique<Route>(std::move(route))); }
    void add(std::initializer_list<Method> methods, std::string_view pattern, Scope scope,
             Handler handler) {
        add(Route(methods, pattern, scope, std::move(handler)));
    }

    // A path that fits no route is tried without its first segment, and so on: the prefix of a
    // proxy that does not strip it. A segment with which a route begins is never taken for a
    // prefix.
    void strip_prefixes() { strips_prefixes_ = true; }
    // Asked when no path of the table fits, before 404.
    void choose_otherwise(Chooser chooser) { otherwise_ = std::move(chooser); }

    // Of the table, so that a manual can be compared with it.
    std::vector<std::string> patterns() const;

    // The answer, CORS fields included. Never throws but std::bad_alloc. `request` must outlive it.
    Awaitable<Response> answer(const Request& request) const;

    // For answers made elsewhere (a body too long, a time limit).
    void decorate(const Request& request, Response& response) const {
        cors_.decorate(request, response);
    }

  private:
    struct Match {
        const Route* route = nullptr;
        RouteParameters parameters;
        std::vector<Method> allowed;  // of all routes that fit the path

        void consider(const Route& candidate, Method method, RouteParameters its);
    };
    Match find(const Request& request) const;
    Match match_path(Method method, std::string_view path) const;
    bool may_be_prefix(std::string_view segment) const;
    Response answer_options(const Request& request, const std::vector<Method>& allowed) const;
    void log_failure(const Route* route, const Request& request, std::string_view what) const;

    Cors cors_;
    std::vector<std::unique_ptr<Route>> routes_;
    bool strips_prefixes_ = false;
    Chooser otherwise_;
    mutable LimitedLog failures_;
};

}  // namespace onlooker::http
