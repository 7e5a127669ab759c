#include "http/router.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "support/logged.hpp"
#include "support/simple_gate.hpp"

using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::test::Logged;

namespace {

Awaitable<Response> echo(const Request& request, const RouteParameters& parameters) {
    co_return Response::text(200, request.path + "|" + std::string(parameters.get("name")));
}

Awaitable<Response> broken(const Request&, const RouteParameters&) {
    throw std::runtime_error("broken\r\nhandler");
    co_return Response{};
}

Awaitable<Response> out_of_memory(const Request&, const RouteParameters&) {
    throw std::bad_alloc();
    co_return Response{};
}

int answers_run = 0;

Awaitable<Response> count_and_answer(std::string_view name) {
    ++answers_run;
    co_return Response::text(200, std::string(name));
}

Awaitable<void> answer_into(const Router& router, Request& request, Response& response) {
    response = co_await router.answer(request);
}

Response ask(const Router& router, Request request) {
    asio::io_context loop;
    Response response;
    std::exception_ptr failure;
    asio::co_spawn(loop, answer_into(router, request, response),
                   [&](std::exception_ptr error) { failure = error; });
    loop.run();
    if (failure)
        std::rethrow_exception(failure);
    return response;
}

Request request_for(std::string path, Method method = Method::get) {
    Request request;
    request.method = method;
    request.target = path;
    request.path = std::move(path);
    return request;
}

std::string header(const Response& response, std::string_view name) {
    for (const Header& field : response.headers) {
        if (field.name == name)
            return field.value;
    }
    return {};
}

// A camera of each name but "none".
Resolution camera_named(const Request&, const RouteParameters& parameters) {
    const std::string_view name = parameters.get("name");
    if (name == "none")
        return Response::error(404, "There is no such camera.");
    return Target{name, [name] { return count_and_answer(name); }};
}

Resolution first_camera(const Request&, const RouteParameters&) {
    return Target{"yard", [] { return count_and_answer("yard"); }};
}

// Says no to whoever wants to do `scope` with `resource`, and remembers what it was asked.
struct TestGate {
    Scope scope;
    std::string resource;
    std::shared_ptr<std::vector<std::string>> asked = std::make_shared<std::vector<std::string>>();

    std::optional<Response> operator()(const Access& access) const {
        asked->push_back(access.request.path + " of \"" + std::string(access.resource) + '"');
        if (access.scope == scope && access.resource == resource)
            return Response::error(403, "This is not for you.");
        return std::nullopt;
    }
};

std::optional<Response> let_everybody_in(const Access&) {
    return std::nullopt;
}

Router make_guarded_router(onlooker::test::Decision decision, HostNames names = {},
                           Cors cors = {{"*"}}) {
    Router router(std::move(cors), onlooker::test::simple_gate(std::move(decision)),
                  std::move(names));
    router.add({Method::get}, "/snapshot", Scope::view, first_camera);
    router.add({Method::get}, "/cameras/{name}/snapshot", Scope::view, camera_named);
    router.add({Method::post}, "/cameras/{name}/snapshot", Scope::control, camera_named);
    router.add({Method::get}, "/open", Scope::public_, echo);
    return router;
}

Router make_router(Cors cors = {}) {
    Router router(std::move(cors));
    router.add({Method::get}, "/", Scope::view, echo);
    router.add({Method::get}, "/cameras/{name}/snapshot", Scope::view, echo);
    router.add({Method::post}, "/cameras/{name}/snapshot", Scope::control, echo);
    router.add({Method::get}, "/broken", Scope::view, broken);
    router.add({Method::get}, "/memory", Scope::view, out_of_memory);
    return router;
}

}  // namespace

TEST_SUITE("router") {
    TEST_CASE("a name stands for exactly one segment that is not empty") {
        const Router router = make_router();
        const Response found = ask(router, request_for("/cameras/bed/snapshot"));
        CHECK(std::get<std::string>(found.body) == "/cameras/bed/snapshot|bed\n");
        for (const char* path :
             {"/cameras//snapshot", "/cameras/a/b/snapshot", "/cameras/a/snapshot/", "/cameras/a",
              "/CAMERAS/a/snapshot", "//", "/cameras/../"})
            CHECK(ask(router, request_for(path)).status == 404);
    }

    TEST_CASE("HEAD is answered where GET is") {
        CHECK(ask(make_router(), request_for("/", Method::head)).status == 200);
    }

    TEST_CASE("a wrong method is 405 with Allow, on paths that exist only") {
        const Router router = make_router();
        const Response wrong = ask(router, request_for("/", Method::post));
        CHECK(wrong.status == 405);
        CHECK(header(wrong, "Allow") == "GET, HEAD, OPTIONS");
        CHECK(ask(router, request_for("/nowhere", Method::post)).status == 404);
    }

    TEST_CASE("a method that is not known is 501, whatever the path") {
        const Router router = make_router();
        CHECK(ask(router, request_for("/", Method::other)).status == 501);
        CHECK(ask(router, request_for("/nowhere", Method::other)).status == 501);
    }

    TEST_CASE("OPTIONS tells the methods of all routes of a path") {
        const Router router = make_router();
        const Response options = ask(router, request_for("/cameras/a/snapshot", Method::options));
        CHECK(options.status == 204);
        CHECK(header(options, "Allow") == "GET, HEAD, POST, OPTIONS");
        CHECK(ask(router, request_for("*", Method::options)).status == 204);
    }

    TEST_CASE("the patterns of its table can be read") {
        CHECK(make_router().patterns() == std::vector<std::string>{"/", "/cameras/{name}/snapshot",
                                                                   "/cameras/{name}/snapshot",
                                                                   "/broken", "/memory"});
    }

    TEST_CASE("a pattern that cannot be meant is refused when it is added") {
        Router router;
        CHECK_THROWS_AS(router.add({Method::get}, "no-slash", Scope::view, echo),
                        std::invalid_argument);
        CHECK_THROWS_AS(router.add({Method::get}, "/x", Scope::view, Handler()),
                        std::invalid_argument);
        CHECK_THROWS_AS(router.add({Method::get}, "/x", Scope::view, Resolver()),
                        std::invalid_argument);
        CHECK_THROWS_AS(router.add({}, "/x", Scope::view, echo), std::invalid_argument);
    }

    TEST_CASE("a chooser is asked where the path is a prefix and nothing else") {
        Router router = make_router();
        const Route last({Method::get}, "/last", Scope::view, echo);
        router.choose_otherwise(
            [&](const Request& request) { return request.path != "/other" ? &last : nullptr; });
        CHECK(ask(router, request_for("/else")).status == 404);
        router.strip_prefixes({});
        for (const char* path : {"/else", "/else/", "/a/else", "/a/b/else/"})
            CHECK(ask(router, request_for(path)).status == 200);
        CHECK(ask(router, request_for("/else", Method::post)).status == 405);
        for (const char* path :
             {"/other", "/a/b/c/else", "/a//else", "/a/cameras", "/snapshot/else"})
            CHECK(ask(router, request_for(path)).status == 404);
    }

    TEST_CASE("one segment before a path is the prefix of a proxy, if nothing is called so") {
        Router router = make_router();
        CHECK(ask(router, request_for("/webcam/cameras/bed/snapshot")).status == 404);
        router.strip_prefixes({.named = {}, .never = {"bed"}});
        for (const char* path :
             {"/webcam/cameras/bed/snapshot", "/webcam/", "/cameras/bed/snapshot"})
            CHECK(ask(router, request_for(path)).status == 200);
        const Response found = ask(router, request_for("/webcam/cameras/bed/snapshot"));
        CHECK(std::get<std::string>(found.body) == "/webcam/cameras/bed/snapshot|bed\n");
        CHECK(ask(router, request_for("/webcam/", Method::post)).status == 405);
        for (const char* path :
             {"/webcam", "//", "//cameras/bed/snapshot", "/broken/", "/any/thing/broken",
              "/any/thing/cameras/bed/snapshot", "/cameras/cameras/bed/snapshot",
              "/broken/cameras/bed/snapshot", "/snapshot/broken", "/Snapshot/broken", "/bed/broken",
              "/../broken", "/./broken", "/.x/broken", "/a b/broken", "/a;b/broken"})
            CHECK(ask(router, request_for(path)).status == 404);
    }

    TEST_CASE("a prefix that is named is the only one, and stands as a whole") {
        Router router = make_router();
        router.strip_prefixes({.named = "/cam/one", .never = {}});
        for (const char* path :
             {"/cam/one/", "/cam/one/cameras/bed/snapshot", "/cameras/bed/snapshot"})
            CHECK(ask(router, request_for(path)).status == 200);
        for (const char* path :
             {"/webcam/", "/cam/", "/cam/one", "/cam/onebroken", "/cam/one/x/broken",
              "/cam/one/cam/one/broken", "/x/cam/one/broken"})
            CHECK(ask(router, request_for(path)).status == 404);
        router.strip_prefixes({.named = "", .never = {}});
        CHECK(ask(router, request_for("/webcam/")).status == 404);
    }

    TEST_CASE("what a handler throws is a 500 and a line in the log, limited") {
        const Router router = make_router();
        const Logged log;
        for (int i = 0; i < 1'000; ++i)
            CHECK(ask(router, request_for("/broken")).status == 500);
        CHECK(log.count("GET /broken failed: broken\\x0d\\x0ahandler") >= 5);
        CHECK(log.lines().size() < 100);
    }

    TEST_CASE("only lack of memory is thrown") {
        CHECK_THROWS_AS(ask(make_router(), request_for("/memory")), std::bad_alloc);
    }
}

// Nor does one without a scope compile.
static_assert(
    std::is_constructible_v<Route, std::vector<Method>, std::string_view, Scope, Handler>);
static_assert(!std::is_constructible_v<Route, std::vector<Method>, std::string_view, Handler>);
static_assert(!std::is_constructible_v<Route, std::vector<Method>, std::string_view, Resolver>);

TEST_SUITE("gate") {
    TEST_CASE("a no for one camera and one scope is the answer, and no handler runs") {
        const Router router = make_guarded_router(TestGate{Scope::view, "yard"});
        answers_run = 0;
        for (const char* path : {"/snapshot", "/cameras/yard/snapshot"})
            for (const Method method : {Method::get, Method::head}) {
                Request request = request_for(path, method);
                request.headers = {{"Origin", "http://a"}};
                const Response refusal = ask(router, request);
                CHECK(refusal.status == 403);
                CHECK(header(refusal, "Access-Control-Allow-Origin") == "*");
            }
        CHECK(answers_run == 0);
    }

    TEST_CASE("other cameras and other scopes pass it") {
        const Router router = make_guarded_router(TestGate{Scope::view, "yard"});
        answers_run = 0;
        CHECK(ask(router, request_for("/cameras/bed/snapshot")).status == 200);
        CHECK(ask(router, request_for("/cameras/yard/snapshot", Method::post)).status == 200);
        CHECK(answers_run == 2);
        CHECK(ask(router, request_for("/open")).status == 200);
    }

    TEST_CASE("it is asked about a camera that is not there too, and of no request twice") {
        const TestGate nobody{Scope::view, ""};
        const Router router = make_guarded_router(nobody);
        CHECK(ask(router, request_for("/cameras/none/snapshot")).status == 403);
        CHECK(ask(router, request_for("/cameras/none/snapshot", Method::post)).status == 404);
        CHECK(*nobody.asked == std::vector<std::string>{"/cameras/none/snapshot of \"\"",
                                                        "/cameras/none/snapshot of \"\""});
    }

    TEST_CASE("a route that was chosen by something other than its path goes through it") {
        Router router = make_guarded_router(TestGate{Scope::view, "yard"});
        router.strip_prefixes({});
        const Route chosen({Method::get}, "/", Scope::view, first_camera);
        router.choose_otherwise([&chosen](const Request&) { return &chosen; });
        CHECK(ask(router, request_for("/else")).status == 403);
    }

    TEST_CASE("what reaches no route does not reach it either") {
        const TestGate gate{Scope::view, "yard"};
        const Router router = make_guarded_router(gate);
        CHECK(ask(router, request_for("/snapshot", Method::options)).status == 204);
        CHECK(ask(router, request_for("/snapshot", Method::post)).status == 405);
        CHECK(ask(router, request_for("/snapshot", Method::other)).status == 501);
        CHECK(ask(router, request_for("/nowhere")).status == 404);
        CHECK(gate.asked->empty());
    }

    TEST_CASE("a gate that fails lets nobody through") {
        const Logged log;
        const Router router = make_guarded_router(
            [](const Access&) -> std::optional<Response> { throw std::runtime_error("broken"); });
        answers_run = 0;
        CHECK(ask(router, request_for("/snapshot")).status == 500);
        CHECK(answers_run == 0);
    }
}

TEST_SUITE("names and pages") {
    TEST_CASE("whatever is asked for, a name that is not ours is 421 before any handler runs") {
        const Router router = make_guarded_router(let_everybody_in, HostNames({"pi.local"}));
        const Logged log;
        answers_run = 0;
        for (const char* path : {"/snapshot", "/open", "/nowhere", "/cameras/none/snapshot"})
            for (const Method method : {Method::get, Method::head, Method::options, Method::post}) {
                Request request = request_for(path, method);
                request.headers = {{"Host", "attacker.example:5000"},
                                   {"Origin", "http://attacker.example:5000"}};
                const Response refusal = ask(router, request);
                CHECK(refusal.status == 421);
                CHECK(header(refusal, "Access-Control-Allow-Origin").empty());
            }
        CHECK(answers_run == 0);
        CHECK(log.lines().size() == 1);
        Request ours = request_for("/snapshot");
        ours.headers = {{"Host", "pi.local:5000"}};
        CHECK(ask(router, ours).status == 200);
    }

    TEST_CASE(
        "a page that may not look is refused before any handler runs, and the gate is not asked") {
        const TestGate gate{Scope::view, ""};
        const Router router = make_guarded_router(gate, {}, {});
        const Logged log;
        answers_run = 0;
        Request request = request_for("/snapshot");
        request.headers = {{"Host", "a"}, {"Sec-Fetch-Site", "cross-site"}};
        CHECK(ask(router, request).status == 403);
        request.path = "/cameras/none/snapshot";
        CHECK(ask(router, request).status == 403);
        CHECK(answers_run == 0);
        CHECK(gate.asked->empty());
        request.path = "/open";
        CHECK(ask(router, request).status == 200);
    }

    TEST_CASE("what changes something is for our own pages, whichever may look") {
        const Router router = make_guarded_router(let_everybody_in);
        Request request = request_for("/cameras/bed/snapshot", Method::post);
        for (const char* site : {"cross-site", "same-site"}) {
            request.headers = {{"Host", "a"}, {"Sec-Fetch-Site", site}, {"Origin", "http://a:81"}};
            CHECK(ask(router, request).status == 403);
        }
        // Over plain HTTP in a local network a browser sends no Sec-Fetch-Site.
        for (const char* origin : {"http://a:81", "http://b", "null"}) {
            request.headers = {{"Host", "a"}, {"Origin", origin}};
            CHECK(ask(router, request).status == 403);
        }
        request.headers = {
            {"Host", "a"}, {"Sec-Fetch-Site", "same-origin"}, {"Origin", "http://a"}};
        CHECK(ask(router, request).status == 200);
        request.headers = {{"Host", "a"}, {"Origin", "http://a"}};
        CHECK(ask(router, request).status == 200);
        request.headers = {{"Host", "a"}};
        CHECK(ask(router, request).status == 200);
    }

    TEST_CASE("any page may show what a good signature opens, and nothing by a bad one") {
        class FromLink final : public Pass {
          public:
            bool allows(Scope, std::string_view) const override { return true; }
            bool for_any_page() const override { return true; }
            void on_end(std::function<void()>) override {}
        };
        const auto router_with = [](std::shared_ptr<Pass> pass) {
            Router router(Cors{}, onlooker::test::simple_gate(let_everybody_in, std::move(pass)));
            router.add({Method::get}, "/snapshot", Scope::view, first_camera);
            return router;
        };
        Request request = request_for("/snapshot");
        request.headers = {{"Host", "a"}, {"Sec-Fetch-Site", "cross-site"}};
        request.query = Query::parse("sig=abc");
        const Response shown = ask(router_with(std::make_shared<FromLink>()), request);
        CHECK(shown.status == 200);
        CHECK(header(shown, "Cross-Origin-Resource-Policy") == "cross-origin");
        const Logged log;
        answers_run = 0;
        CHECK(ask(router_with(nullptr), request).status == 403);
        CHECK(answers_run == 0);
    }
}
