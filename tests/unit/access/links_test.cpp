#include "access/links.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace onlooker::access;
using namespace std::chrono_literals;
using onlooker::http::Query;
using onlooker::http::Scope;

namespace {

constexpr WallTime now{1'796'000'000s};

struct Signer {
    std::string make(std::chrono::seconds life = 10min, std::optional<WallTime> until = {}) {
        Link link{.camera = "bed", .expires = now + life, .until = until, .kid = "", .id = ""};
        std::string query = make_link(link, *active_key(keys));
        id = link.id;
        return query;
    }
    std::variant<Link, LinkRefusal> verify(const std::string& query, WallTime at = now) const {
        return verify_link(Query::parse(query), keys, revoked, at);
    }
    // Nothing: it is good.
    std::optional<LinkRefusal> refusal(const std::string& query, WallTime at = now) const {
        const auto verified = verify(query, at);
        const auto* refused = std::get_if<LinkRefusal>(&verified);
        return refused ? std::optional(*refused) : std::nullopt;
    }

    std::vector<LinkKey> keys{{.kid = "k1", .active = false, .secret = sha256("one")},
                              {.kid = "k2", .active = true, .secret = sha256("two")}};
    std::vector<RevokedLink> revoked;
    std::string id;
};

std::string with(std::string text, std::string_view old, std::string_view other) {
    REQUIRE(text.find(old) != std::string::npos);
    return text.replace(text.find(old), old.size(), other);
}

}  // namespace

TEST_SUITE("links") {
    TEST_CASE("a link allows to view one camera, for a while") {
        Signer signer;
        const auto verified = signer.verify(signer.make());
        const Link* link = std::get_if<Link>(&verified);
        REQUIRE(link);
        CHECK(link->camera == "bed");
        CHECK(link->expires == now + 10min);
        CHECK_FALSE(link->until);
        CHECK(link->kid == "k2");
        CHECK(link->id == signer.id);
        CHECK(link->grant().allows(Scope::view, "bed"));
        CHECK_FALSE(link->grant().allows(Scope::view, "door"));
        CHECK_FALSE(link->grant().allows(Scope::view, ""));
        CHECK_FALSE(link->grant().allows(Scope::control, "bed"));
    }

    TEST_CASE("it expires, with a minute of tolerance") {
        Signer signer;
        const std::string query = signer.make(10min);
        CHECK_FALSE(signer.refusal(query, now + 11min));
        CHECK(signer.refusal(query, now + 11min + 1s) == LinkRefusal::expired);
    }

    TEST_CASE("it says until when a stream may go on, if it does") {
        Signer signer;
        const auto verified = signer.verify(signer.make(10min, now + 2h));
        REQUIRE(std::holds_alternative<Link>(verified));
        CHECK(std::get<Link>(verified).until == now + 2h);
        CHECK(std::get<Link>(verified).forgotten_at() == now + 2h + 60s);
    }

    TEST_CASE("nothing in it can be changed") {
        Signer signer;
        const std::string query = signer.make(10min, now + 1h);
        for (const std::string& changed :
             {with(query, "cam=bed", "cam=door"), with(query, "exp=1796000600", "exp=1796000601"),
              with(query, "until=1796003600", "until=1796003601"), with(query, "kid=k2", "kid=k1"),
              with(query, "&id=", "&id=0"), with(query, "&until=1796003600", "")})
            CHECK(signer.refusal(changed) == LinkRefusal::wrong_signature);
        CHECK(signer.refusal(with(query, "kid=k2", "kid=k3")) == LinkRefusal::unknown_key);
        for (const std::string& broken :
             {with(query, "scope=view", "scope=admin"), with(query, "cam=bed", "cam=be%0ad"),
              with(query, "sig=", "sig=A"), query.substr(0, query.size() - 1),
              with(query, "exp=", "exp=%2b"), with(query, "exp=", "exp=9999"),
              with(query, "until=1796003600", "until="), with(query, "&cam=bed", ""),
              with(query, "&id=", "&no="), std::string("sig="), std::string()})
            CHECK(signer.refusal(broken) == LinkRefusal::malformed);
    }

    TEST_CASE("of a name that is there twice the first counts, for the signature and the camera") {
        Signer signer;
        const std::string query = signer.make();
        const auto verified = signer.verify(query + "&cam=door");
        REQUIRE(std::holds_alternative<Link>(verified));
        CHECK(std::get<Link>(verified).camera == "bed");
        CHECK(signer.refusal("cam=door&" + query) == LinkRefusal::wrong_signature);
    }

    TEST_CASE("links of a retired key are believed, those of a removed one are not") {
        Signer signer;
        const std::string query = signer.make();
        signer.keys[0].active = true;
        signer.keys[1].active = false;
        CHECK_FALSE(signer.refusal(query));
        signer.keys.pop_back();
        CHECK(signer.refusal(query) == LinkRefusal::unknown_key);
    }

    TEST_CASE("one link is revoked, and no other") {
        Signer signer;
        const std::string first = signer.make();
        signer.revoked.push_back({.id = signer.id, .until = now + 1h});
        CHECK(signer.refusal(first) == LinkRefusal::revoked);
        CHECK_FALSE(signer.refusal(signer.make()));
    }

    TEST_CASE("rotating makes a new key active and keeps the others") {
        UsersText users;
        CHECK_FALSE(active_key(users.all<LinkKey>()));
        rotate_link_key(users);
        rotate_link_key(users);
        const auto keys = users.all<LinkKey>();
        REQUIRE(keys.size() == 2);
        CHECK(active_key(keys)->kid == "k2");
        CHECK_FALSE(keys[0].active);
        CHECK(keys[0].secret != keys[1].secret);
    }

    TEST_CASE("a request claims to be a link by its signature") {
        CHECK(is_link(Query::parse("sig=")));
        CHECK_FALSE(is_link(Query::parse("width=100")));
    }
}
