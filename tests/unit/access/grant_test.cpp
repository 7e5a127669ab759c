#include "access/grant.hpp"

#include <doctest/doctest.h>

using onlooker::access::Grant;
using onlooker::access::Scopes;
using onlooker::http::Scope;

TEST_SUITE("grant") {
    TEST_CASE("a grant of nothing allows what is public alone") {
        const Grant nothing;
        CHECK(nothing.allows(Scope::public_, ""));
        CHECK(nothing.allows(Scope::public_, "bed"));
        for (const Scope scope : {Scope::view, Scope::push, Scope::control, Scope::admin}) {
            CHECK_FALSE(nothing.allows(scope, ""));
            CHECK_FALSE(nothing.allows_somewhere(scope));
        }
    }

    TEST_CASE("control includes view, admin includes all, push includes nothing else") {
        const Scopes control(Scope::control);
        CHECK(control.has(Scope::view));
        CHECK_FALSE(control.has(Scope::push));
        CHECK_FALSE(control.has(Scope::admin));
        const Scopes admin(Scope::admin);
        for (const Scope scope : {Scope::view, Scope::push, Scope::control, Scope::admin})
            CHECK(admin.has(scope));
        const Scopes push(Scope::push);
        CHECK(push.has(Scope::push));
        CHECK_FALSE(push.has(Scope::view));
        CHECK_FALSE(Scopes(Scope::view).has(Scope::control));
    }

    TEST_CASE("a grant for some cameras allows neither others nor a route about none") {
        const Grant grant(Scopes(Scope::admin), {"door", "bed"});
        CHECK(grant.allows(Scope::view, "bed"));
        CHECK(grant.allows(Scope::admin, "door"));
        CHECK_FALSE(grant.allows(Scope::view, "hall"));
        CHECK_FALSE(grant.allows(Scope::view, "be"));
        CHECK_FALSE(grant.allows(Scope::view, ""));
        CHECK(grant.allows_somewhere(Scope::view));
    }

    TEST_CASE("a grant for all cameras allows a route about none") {
        const Grant grant(Scopes{Scope::view});
        CHECK(grant.allows(Scope::view, ""));
        CHECK(grant.allows(Scope::view, "hall"));
        CHECK_FALSE(grant.allows(Scope::control, ""));
    }

    TEST_CASE("scopes are words, and are written with as few as say it") {
        CHECK(Scopes::parse("view") == Scopes(Scope::view));
        CHECK(Scopes::parse("view,control") == Scopes(Scope::control));
        CHECK(Scopes::parse("push,view")->text() == "push,view");
        CHECK(Scopes::parse("view,push,control,admin")->text() == "admin");
        CHECK(Scopes().text().empty());
        for (const char* wrong : {"", "View", "view,", ",view", "view control", "public", "all"})
            CHECK_FALSE(Scopes::parse(wrong));
    }

    TEST_CASE("the order of cameras, and one that is named twice, make no difference") {
        CHECK(Grant(Scopes(Scope::view), {"b", "a", "b"}) ==
              Grant(Scopes(Scope::view), {"a", "b"}));
    }
}
