// Every route of the table, with every method, as everybody, about each camera: who gets in. What
// is expected is worked out here, from the scope of the route and from what each of them was given.
// The same is asked of gates from which one check was taken out: each time something must be wrong.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "unit/endpoints/guarded_house.hpp"

using namespace onlooker;
using http::Access;
using http::Header;
using http::Method;
using http::Scope;
using test::basic;
using test::cameras_of_house;
using test::GuardedHouse;
using test::Judgement;
using test::Mutation;
using test::Visitor;

namespace {

std::string link_to(GuardedHouse& house, const char* camera, std::chrono::seconds life) {
    return house.gatekeeper().make_link(camera, life).value_or("");
}

const std::vector<Scope> all_scopes{Scope::view, Scope::push, Scope::control, Scope::admin};

std::vector<Visitor> people(GuardedHouse& house) {
    const auto with = [](const char* name, std::string text, std::vector<Scope> scopes,
                         std::vector<std::string> cameras = {}) {
        return Visitor{.name = name,
                       .headers = {{"Authorization", basic(text)}},
                       .scopes = std::move(scopes),
                       .cameras = std::move(cameras)};
    };
    const std::string token = "Bearer " + house.users().token();
    const std::string guest_session = house.log_in("guest");
    const std::string left_session = house.log_in("owner");
    house.ask(Method::post, "/logout", {.name = "", .headers = {{"Cookie", left_session}}});
    return {
        with("viewer", "viewer:sesame!!", {Scope::view}),
        with("guest", "guest:sesame!!", {Scope::view}, {"bed"}),
        with("pusher", "pusher:sesame!!", {Scope::push}),
        with("keeper", "keeper:sesame!!", {Scope::view, Scope::control}),
        with("owner", "owner:sesame!!", all_scopes),
        {.name = "token",
         .headers = {{"Authorization", token}},
         .scopes = {Scope::view},
         .cameras = {"bed"}},
        {.name = "session",
         .headers = {{"Cookie", guest_session}},
         .scopes = {Scope::view},
         .cameras = {"bed"}},
        {.name = "nobody"},
        with("wrong password", "owner:sesame!", {}),
        with("unknown name", "nobody:sesame!!", {}),
        {.name = "wrong token", .headers = {{"Authorization", token + "x"}}},
        {.name = "left session", .headers = {{"Cookie", left_session}}},
        {.name = "two fields",
         .headers = {{"Authorization", basic("owner:sesame!!")},
                     {"Authorization", basic("viewer:sesame!!")}}},
        {.name = "two names",
         .headers = {{"Authorization", basic("owner:sesame!!")}, {"Cookie", guest_session}}},
        {.name = "token beside a session",
         .headers = {{"Authorization", token}, {"Cookie", guest_session}}},
    };
}

std::vector<Visitor> links(GuardedHouse& house) {
    const std::string good = link_to(house, "bed", std::chrono::minutes(10));
    std::string altered = good;
    altered.replace(altered.find("cam=bed"), 7, "cam=yard");
    const std::string old = link_to(house, "bed", -std::chrono::hours(1));
    const Header owner{"Authorization", basic("owner:sesame!!")};
    return {
        {.name = "link",
         .query = good,
         .scopes = {Scope::view},
         .cameras = {"bed"},
         .is_link = true},
        // What comes with it opens nothing more.
        {.name = "link of the owner",
         .headers = {owner},
         .query = good,
         .scopes = {Scope::view},
         .cameras = {"bed"},
         .is_link = true},
        {.name = "altered link", .query = altered, .is_link = true},
        {.name = "old link", .query = old, .is_link = true},
        {.name = "old link of the owner", .headers = {owner}, .query = old, .is_link = true},
    };
}

bool is_expected(const http::Route& route, Method method, const Visitor& visitor,
                 const std::string& camera) {
    if (route.scope() == Scope::public_)
        return !visitor.is_link || !visitor.scopes.empty();
    if (visitor.is_link && (method == Method::post || method == Method::patch))
        return false;
    // What lists cameras is for whoever may view one, but not for a link, which is for pictures.
    if (camera.empty() && route.scope() == Scope::view && !visitor.is_link)
        return std::ranges::find(visitor.scopes, Scope::view) != visitor.scopes.end();
    return visitor.may(route.scope(), camera);
}

// What was not as expected, and the words of the refusals.
struct Run {
    std::vector<std::string> wrong;
    std::vector<std::string> refusals;
};

// Without what differs from one request to the next.
std::string kind_of(const std::string& refusal) {
    const auto from = refusal.find(" may not do this: ");
    return refusal.substr(from == std::string::npos ? 0 : from, 40);
}

void ask_route(GuardedHouse& house, const http::Route& route, const Visitor& visitor, Run& run) {
    constexpr std::string_view place = "{name}";
    Visitor asking = visitor;
    // So that a visitor who asks for /logout stays: whoever may ask, it is our own pages' alone.
    if (route.scope() == Scope::public_)
        asking.headers.push_back({"Sec-Fetch-Site", "cross-site"});
    for (const Method method : {Method::get, Method::head, Method::post, Method::patch}) {
        if (!route.answers(method))
            continue;
        for (const std::string_view camera : cameras_of_house) {
            std::string path = route.pattern();
            const auto at = path.find(place);
            if (at != std::string::npos)
                path.replace(at, place.size(), camera);
            else if (camera != cameras_of_house.front())
                continue;
            const Judgement judged = house.judge(method, path, asking);
            const bool named = at == std::string::npos || judged.camera == camera;
            const bool expected = is_expected(route, method, visitor, judged.camera);
            if (!named || judged.refusal.has_value() == expected)
                run.wrong.push_back(fmt::format("{} {} as {}: {}", to_string(method), path,
                                                visitor.name, judged.refusal.value_or("let in")));
            if (judged.refusal)
                run.refusals.push_back(kind_of(*judged.refusal));
        }
    }
}

Run ask_everything(const Mutation& mutation = [](http::Gate gate) { return gate; }) {
    GuardedHouse house(mutation);
    Run run;
    std::vector<Visitor> all = people(house);
    std::ranges::move(links(house), std::back_inserter(all));
    for (const Visitor& visitor : all) {
        for (const auto& route : house.router().routes())
            ask_route(house, *route, visitor, run);
    }
    return run;
}

// Lets in whom the gate refuses in these words.
Awaitable<http::Verdict> without(const http::Gate& gate, const std::string& refusal,
                                 Access access) {
    http::Verdict verdict = co_await gate(access);
    if (verdict.refusal && kind_of(std::get<std::string>(verdict.refusal->body)) == refusal)
        verdict = {};
    co_return verdict;
}

}  // namespace

TEST_SUITE("access matrix") {
    TEST_CASE("who gets in where is what the file of users says, and each check is needed") {
        const Run run = ask_everything();
        for (const std::string& wrong : run.wrong)
            FAIL_CHECK(wrong);
        std::vector<std::string> kinds = run.refusals;
        std::ranges::sort(kinds);
        kinds.erase(std::ranges::unique(kinds).begin(), kinds.end());
        CHECK(kinds.size() >= 7);
        for (const std::string& kind : kinds) {
            CAPTURE(kind);
            const Run broken = ask_everything([&kind](http::Gate gate) -> http::Gate {
                return [gate = std::move(gate), &kind](Access access) {
                    return without(gate, kind, access);
                };
            });
            CHECK_FALSE(broken.wrong.empty());
        }
    }

    TEST_CASE("about another camera, or with less than the route needs, nobody gets in") {
        const auto told_wrong = [](std::function<void(Access&)> lie) {
            return ask_everything([lie](http::Gate gate) -> http::Gate {
                return [gate = std::move(gate), lie](Access access) {
                    lie(access);
                    return gate(access);
                };
            });
        };
        CHECK_FALSE(told_wrong([](Access& access) { access.scope = Scope::view; }).wrong.empty());
        CHECK_FALSE(
            told_wrong([](Access& access) { access.scope = Scope::public_; }).wrong.empty());
        CHECK_FALSE(told_wrong([](Access& access) { access.resource = "bed"; }).wrong.empty());
    }
}
