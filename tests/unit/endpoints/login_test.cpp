// Signing in and out, as a browser and as a program meet it.
#include "endpoints/login.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "access/users_file.hpp"
#include "endpoints/assets.hpp"
#include "unit/endpoints/guarded_house.hpp"

using namespace onlooker;
using http::Header;
using http::Method;
using http::Response;
using test::basic;
using test::GuardedHouse;
using test::Visitor;

namespace {

std::string header(const Response& response, std::string_view name) {
    for (const Header& field : response.headers) {
        if (field.name == name)
            return field.value;
    }
    return "absent";
}

const std::string& text(const Response& response) {
    return std::get<std::string>(response.body);
}

bool says(const Response& response, std::string_view words) {
    return text(response).find(words) != std::string::npos;
}

// As Firefox goes to a page over plain HTTP in a local network, where it tells no more.
const Visitor person{.name = "person",
                     .headers = {{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64)"},
                                 {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}}};

Visitor with_cookie(std::string cookie) {
    return {.name = "session", .headers = {{"Cookie", std::move(cookie)}}};
}

}  // namespace

TEST_SUITE("login") {
    TEST_CASE("a person is shown the login in place of the page, and comes back to it") {
        GuardedHouse house;
        const Response& page = house.ask(Method::get, "/", person);
        CHECK(page.status == 401);
        CHECK(header(page, "WWW-Authenticate") == "absent");
        CHECK(header(page, "Cache-Control") == "no-store");
        CHECK(says(page, "action=\"./login\""));
        CHECK(says(page, "name=\"next\" value=\"\""));
        // The remote address is none of this machine.
        CHECK(says(page, "plain HTTP"));
        const Response& frames = house.ask(Method::get, "/cameras/bed/frames", person);
        CHECK(frames.status == 401);
        CHECK(says(frames, "action=\"../../login\""));
        CHECK(says(frames, "href=\"../../style.css\""));
        CHECK(says(frames, "name=\"next\" value=\"cameras/bed/frames\""));
        const Response& behind = house.ask(Method::get, "/webcam/cameras/bed/frames", person);
        CHECK(says(behind, "action=\"../../login\""));
        CHECK(says(behind, "name=\"next\" value=\"cameras/bed/frames\""));
    }

    TEST_CASE("a program is asked for a password, an <img> and a script get plain words") {
        GuardedHouse house;
        const Response& program = house.ask(Method::get, "/snapshot", {.name = "curl"});
        CHECK(program.status == 401);
        CHECK(header(program, "WWW-Authenticate") == R"(Basic realm="onlooker", charset="UTF-8")");
        const Visitor image{.name = "img",
                            .headers = {{"Sec-Fetch-Mode", "no-cors"},
                                        {"Sec-Fetch-Dest", "image"},
                                        {"Sec-Fetch-Site", "same-origin"}}};
        const Response& refused = house.ask(Method::get, "/stream", image);
        CHECK(refused.status == 401);
        CHECK(header(refused, "WWW-Authenticate") == "absent");
        CHECK_FALSE(says(refused, "<form"));
    }

    TEST_CASE(
        "a frame in a page of this very server, as Home Assistant's ingress is, shows it, too") {
        GuardedHouse house;
        const auto framed_by = [](std::string site) {
            return Visitor{.name = "frame",
                           .headers = {{"Sec-Fetch-Mode", "navigate"},
                                       {"Sec-Fetch-Dest", "iframe"},
                                       {"Sec-Fetch-Site", std::move(site)}}};
        };
        CHECK(says(house.ask(Method::get, "/", framed_by("same-origin")), "<form"));
        CHECK_FALSE(says(house.ask(Method::get, "/", framed_by("same-site")), "<form"));
    }

    TEST_CASE("the right password begins a session, and leads to where one wanted to go") {
        GuardedHouse house;
        const Response& in =
            house.ask(Method::post, "/login", person,
                      "user=viewer&password=sesame%21%21&next=cameras%2Fbed%2Fframes%3Fodd%3D1");
        CHECK(in.status == 303);
        CHECK(header(in, "Location") == "./cameras/bed/frames?odd=1");
        const std::string cookie = header(in, "Set-Cookie");
        CHECK(cookie.starts_with("onlooker_5000="));
        for (const char* part : {"HttpOnly", "SameSite=Strict", "Path=/"})
            CHECK(cookie.find(part) != std::string::npos);
        const Visitor session = with_cookie(cookie.substr(0, cookie.find(';')));
        const Response& page = house.ask(Method::get, "/", session);
        CHECK(page.status == 200);
        CHECK(says(page, "viewer<button type=\"submit\">Sign out"));
        CHECK(house.ask(Method::get, "/login", session).status == 303);
    }

    TEST_CASE("wrong and unknown look the same, and the sixth has to wait") {
        GuardedHouse house;
        const Response& wrong =
            house.ask(Method::post, "/login", person, "user=viewer&password=x&next=frames");
        CHECK(wrong.status == 401);
        CHECK(says(wrong, "The name or the password is wrong."));
        CHECK(says(wrong, "value=\"frames\""));
        const std::string words = text(wrong);
        CHECK(text(house.ask(Method::post, "/login", person,
                             "user=nobody&password=x&next=frames")) == words);
        for (const char* form : {"user=a&password=b", "user=c&password=d", "user=e&password=f"})
            CHECK(house.ask(Method::post, "/login", person, form).status == 401);
        const Response& waits =
            house.ask(Method::post, "/login", person, "user=viewer&password=sesame%21%21");
        CHECK(waits.status == 429);
        CHECK(header(waits, "Retry-After") != "absent");
        CHECK(says(waits, "too many wrong passwords"));
    }

    TEST_CASE("whoever is in already is never kept out by wrong passwords of others") {
        GuardedHouse house;
        const std::string cookie = house.log_in("owner");
        for (int i = 0; i < 20; ++i)
            house.ask(Method::post, "/login", person, "user=owner&password=wrong");
        CHECK(house.ask(Method::get, "/", with_cookie(cookie)).status == 200);
        const Visitor token{.name = "token",
                            .headers = {{"Authorization", "Bearer " + house.users().token()}}};
        CHECK(house.ask(Method::get, "/cameras/bed/state", token).status == 200);
    }

    TEST_CASE("no address leads anywhere else") {
        GuardedHouse house;
        for (const char* next : {"%2F%2Fevil.example", "http%3A%2F%2Fevil.example",
                                 "%5Cevil.example", "a%0d%0aSet-Cookie%3Ax", "%09"}) {
            CAPTURE(next);
            const Response& in =
                house.ask(Method::post, "/login", person,
                          std::string("user=viewer&password=sesame%21%21&next=") + next);
            CHECK(in.status == 303);
            const std::string place = header(in, "Location");
            CHECK(place.starts_with("./"));
            CHECK(place.find_first_of("\\\r\n\t") == std::string::npos);
        }
    }

    TEST_CASE("a page of somewhere else can sign nobody in or out") {
        GuardedHouse house;
        const std::string cookie = house.log_in("viewer");
        Visitor foreign = with_cookie(cookie);
        foreign.headers.push_back({"Host", "pi:5000"});
        foreign.headers.push_back({"Origin", "http://pi:81"});
        CHECK(house.ask(Method::post, "/logout", foreign).status == 403);
        CHECK(house.ask(Method::post, "/login", foreign, "user=viewer&password=sesame%21%21")
                  .status == 403);
        CHECK(house.ask(Method::get, "/", with_cookie(cookie)).status == 200);
    }

    TEST_CASE("signing out ends what was opened by that session, and nothing else") {
        GuardedHouse house;
        const std::string first = house.log_in("viewer");
        const std::string second = house.log_in("viewer");
        int ended = 0;
        const auto watch = [&](const std::string& cookie) {
            auto pass = house.pass_for("/cameras/bed/stream", with_cookie(cookie));
            REQUIRE(pass);
            pass->on_end([&ended] { ++ended; });
            return pass;
        };
        const auto one = watch(first);
        const auto other = watch(second);
        const Response& out = house.ask(Method::post, "/logout", with_cookie(first));
        CHECK(out.status == 303);
        CHECK(header(out, "Set-Cookie").find("Max-Age=0") != std::string::npos);
        CHECK(ended == 1);
        CHECK(house.ask(Method::get, "/cameras/bed/state", with_cookie(first)).status == 401);
        CHECK(house.ask(Method::get, "/cameras/bed/state", with_cookie(second)).status == 200);
        house.ask(Method::post, "/logout", with_cookie(second), "everywhere=1");
        CHECK(ended == 2);
    }

    TEST_CASE("who is taken out of the file is out at once, streams included") {
        GuardedHouse house;
        const std::string cookie = house.log_in("viewer");
        const Visitor printer{.name = "token",
                              .headers = {{"Authorization", "Bearer " + house.users().token()}}};
        int ended = 0;
        auto viewer = house.pass_for("/cameras/bed/stream", with_cookie(cookie));
        viewer->on_end([&ended] { ended += 1; });
        auto token = house.pass_for("/cameras/bed/stream", printer);
        token->on_end([&ended] { ended += 10; });
        access::edit_users_file(
            house.users().path(), access::IfMissing::refuse,
            [](access::UsersText& users) { users.remove<access::User>("viewer"); });
        CHECK(house.gatekeeper().reload());
        CHECK(ended == 1);
        CHECK(house.ask(Method::get, "/", with_cookie(cookie)).status == 401);
        access::edit_users_file(
            house.users().path(), access::IfMissing::refuse,
            [](access::UsersText& users) { users.remove<access::Token>("printer"); });
        CHECK(house.gatekeeper().reload());
        CHECK(ended == 11);
    }

    TEST_CASE("the owner makes a link that shows one camera to whoever has it") {
        GuardedHouse house;
        const Visitor owner{.name = "owner",
                            .headers = {{"Authorization", basic("owner:sesame!!")}}};
        const Visitor viewer{.name = "viewer",
                             .headers = {{"Authorization", basic("viewer:sesame!!")}}};
        CHECK(house.ask(Method::post, "/cameras/bed/link", viewer).status == 403);
        CHECK(house.ask(Method::post, "/cameras/bed/link", owner, "seconds=0").status == 400);
        CHECK(house.ask(Method::post, "/cameras/roof/link", owner).status == 404);
        const Response& made = house.ask(Method::post, "/cameras/bed/link", owner, "seconds=60");
        REQUIRE(made.status == 200);
        const auto link = nlohmann::json::parse(text(made));
        const std::string address = link["snapshot"];
        REQUIRE(address.starts_with("/cameras/bed/snapshot?"));
        const Visitor guest{.name = "link", .query = address.substr(address.find('?') + 1)};
        CHECK_FALSE(house.judge(Method::get, "/cameras/bed/snapshot", guest).refusal);
        CHECK(house.judge(Method::get, "/cameras/yard/snapshot", guest).refusal);
        CHECK(house.judge(Method::get, "/", guest).refusal);
    }

    TEST_CASE("each address that is there for users alone stands in the manual") {
        GuardedHouse house;
        const std::string page = endpoints::manual_page("1");
        const std::vector<std::string> patterns = house.router().patterns();
        CHECK(std::ranges::find(patterns, "/login") != patterns.end());
        for (const char* address : {"/login", "/logout", "/cameras/NAME/link"})
            CHECK(page.find(std::string("<code>") + address + "</code>") != std::string::npos);
    }
}
