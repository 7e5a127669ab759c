// From a request to the function that answers it: an exact table of paths, and one gate in front of
// all of them.
//
//     router.add({Method::get}, "/healthz", Scope::public_, health);
//     router.add({Method::get}, "/cameras/{name}/snapshot", Scope::view, snapshot_of_camera);
//
//     whose name, whose page? --> find the route --> resolve what it is about --> ask the gate
//                                                                             --> answer
//
// A request that calls this server by a name that is not its own, or that comes from a page that
// may not look, goes no further (host_names.hpp, foreign_pages.hpp); the page of a signed link is
// judged when the gate has found the signature good. The name counts for /healthz, too, which names
// the cameras.
//
// A handler runs only after the gate has let the request through, whichever way the route was
// found.
//
// No path of a URL is ever made into a path of the file system. HEAD is answered by the GET route,
// OPTIONS by the router. What a resolver, the gate or a handler throws becomes a 500 and a limited
// line in the log.
//
// Thread: the loop; filled before the server starts.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "http/cors.hpp"
#include "http/foreign_pages.hpp"
#include "http/gate.hpp"
#include "http/host_names.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "http/proxy_prefix.hpp"
#include "http/trusted_proxies.hpp"

namespace onlooker::http {

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

// The answer of a handler that has nothing to wait for and is no coroutine itself: g++ 12
// mishandles braced temporaries in one.
inline Awaitable<Response> ready(Response response) {
    co_return response;
}

// What a request is about, and what answers it if the gate lets it through.
struct Target {
    std::string_view resource;  // its name, for the gate; outlives the request
    std::function<Awaitable<Response>()> answer;
    // What it takes, where that depends on more than the path; otherwise what its route says.
    std::optional<Scope> scope{};
};

// Finds what a request is about, or says why there is no such thing, and does nothing else: it runs
// before the gate is asked. That is asked in both cases, so that a stranger does not learn from the
// answers which names there are.
using Resolution = std::variant<Target, Response>;
using Resolver = std::function<Resolution(const Request&, const RouteParameters&)>;

class Route {
  public:
    // `pattern`: '/', then segments separated by '/', each literal or "{name}", which stands for
    // exactly one segment that is not empty. Throws std::invalid_argument for anything else.
    Route(std::vector<Method> methods, std::string_view pattern, Scope scope, Resolver resolver);
    // For a route that is about no resource.
    Route(std::vector<Method> methods, std::string_view pattern, Scope scope, Handler handler);

    // The parameters if `path` fits.
    std::optional<RouteParameters> match(std::string_view path) const;
    void add_names(std::vector<std::string>& names) const;  // its segments that are literal
    bool answers(Method method) const noexcept;             // HEAD where GET is
    const std::vector<Method>& methods() const noexcept { return methods_; }
    const std::string& pattern() const noexcept { return pattern_; }
    Scope scope() const noexcept { return scope_; }
    const Resolver& resolver() const noexcept { return resolver_; }
    // Where to tell what its handler throws.
    LimitedLog& failures() const noexcept { return failures_; }

  private:
    std::vector<Method> methods_;
    std::string pattern_;
    std::vector<std::string> segments_;
    Scope scope_;
    Resolver resolver_;
    mutable LimitedLog failures_;
};

class Router {
  public:
    // Chooses a route by something other than the path, such as ?action=; null: none. Asked before
    // 404, and only where the path is the prefix of a proxy and nothing else.
    using Chooser = std::function<const Route*(const Request&)>;

    explicit Router(Cors cors = {}, Gate gate = open_gate, HostNames names = {});

    void add(Route route) { routes_.push_back(std::make_unique<Route>(std::move(route))); }
    template <typename Answers>  // a Resolver or a Handler
    void add(std::vector<Method> methods, std::string_view pattern, Scope scope, Answers answers) {
        add(Route(std::move(methods), pattern, scope, std::move(answers)));
    }

    // A path that fits no route is tried without the prefix of a proxy that did not strip it.
    // Called when all routes are there: their names are never part of one.
    void strip_prefixes(ProxyPrefix::Settings settings);
    void believe(TrustedProxies proxies) { proxies_ = std::move(proxies); }
    void choose_otherwise(Chooser chooser) { otherwise_ = std::move(chooser); }
    // Puts answers that refuse something (status 400 and above) into other words, such as JSON.
    using Rewording = std::function<void(const Request&, Response&)>;
    void reword_refusals(Rewording rewording) { rewording_ = std::move(rewording); }

    // The table, so that a manual can be compared with it, and a test can ask for all of it.
    std::vector<std::string> patterns() const;
    const std::vector<std::unique_ptr<Route>>& routes() const noexcept { return routes_; }

    // The answer, CORS fields included; `request` is given its pass, and must outlive it. Never
    // throws but std::bad_alloc.
    Awaitable<Response> answer(Request& request) const;

    // For answers made elsewhere (a body too long, a time limit).
    void decorate(const Request& request, Response& response) const {
        finish(request, response);
        cors_.decorate(request, response);
    }

    // Answers that refused something since the start, by their status.
    const std::map<int, std::uint64_t>& refusals() const noexcept { return refusals_; }

  private:
    struct Match {
        const Route* route = nullptr;
        RouteParameters parameters;
        std::vector<Method> allowed;  // of all routes that fit the path
        std::string root = "./";      // see Request

        void consider(const Route& candidate, Method method, RouteParameters its);
    };
    Match find(const Request& request) const;
    Match match_path(Method method, std::string_view path) const;
    std::optional<Response> refuse(const Request& request, const Match& match) const;
    std::optional<Response> refuse_page(const Request& request, const Route& route) const;
    Awaitable<Response> answer_route(Request& request, const Match& match) const;
    Response answer_without_route(const Request& request, const std::vector<Method>& allowed) const;
    Response answer_options(const Request& request, const std::vector<Method>& allowed) const;
    void finish(const Request& request, Response& response) const;
    void log_failure(const Route* route, const Request& request, std::string_view what) const;

    Cors cors_;
    ForeignPages foreign_pages_;
    HostNames names_;
    Gate gate_;
    std::vector<std::unique_ptr<Route>> routes_;
    ProxyPrefix prefix_;
    TrustedProxies proxies_;
    Chooser otherwise_;
    Rewording rewording_;
    mutable std::map<int, std::uint64_t> refusals_;
    mutable LimitedLog failures_;
};

}  // namespace onlooker::http
