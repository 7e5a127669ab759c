// How the relay logs in: the challenges of cameras, by RFC 7616 and beyond it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "unit/relay/scripted_camera.hpp"

using namespace onlooker::test;

namespace {

// Asks for a login until `wanted` stands in the request.
Answer asks_for(std::string_view challenge, std::string_view wanted) {
    const std::string refusal = answer("401", challenge);
    return [=, wanted = std::string(wanted)](const std::string& request, int) {
        return has(request, wanted) ? answer("200", picture_type, jpeg("in")) : refusal;
    };
}

// As cameras do whose nonces hold for one request, and who never say that one is stale.
std::string one_nonce_each(const std::string& request, int number) {
    const std::string nonce = fmt::format("nonce=\"n{}\"", number - 1);
    return has(request, nonce) ? answer("200", picture_type, jpeg("in"))
                               : answer("401", fmt::format("WWW-Authenticate: Digest realm=\"x\", "
                                                           "nonce=\"n{}\", qop=\"auth\"\r\n",
                                                           number));
}

}  // namespace

TEST_SUITE("logins of the relay") {
    TEST_CASE("logins: challenges in any number and order") {
        const std::string basic = "Authorization: Basic bWU6c2VjcmV0\r\n";
        const std::string digest = "Authorization: Digest username=\"me\"";
        const auto offers = [](std::string_view challenge) {
            return fmt::format("WWW-Authenticate: {}\r\n", challenge);
        };
        const std::string md5 = R"(Digest realm="x", nonce="n", qop="auth")";
        check({
            {"Basic", "me:secret@", asks_for(offers("Basic realm=\"x\""), basic), {"in", "in"}},
            {"both, in two fields",
             "me:secret@",
             asks_for(offers("Basic realm=\"x\"") + offers(md5), digest),
             {"in", "in"}},
            {"both, in one field",
             "me:secret@",
             asks_for(offers("Basic realm=\"x\", " + md5), digest),
             {"in", "in"}},
            {"an unknown scheme first",
             "me:secret@",
             asks_for(offers("Negotiate") + offers(R"(X-Own a="b", Basic realm="x")"), basic),
             {"in"}},
            {"no qop, as in RFC 2069",
             "me:secret@",
             asks_for(offers(R"(Digest realm="x", nonce="n")"), digest),
             {"in"}},
            {"qop of two",
             "me:secret@",
             asks_for(offers(R"(Digest realm="x", nonce="n", qop="auth,auth-int")"), digest),
             {"in"}},
            {"MD5-sess",
             "me:secret@",
             asks_for(offers(md5 + ", algorithm=MD5-sess"), "algorithm=MD5-sess"),
             {"in"}},
            {"SHA-256 before MD5",
             "me:secret@",
             asks_for(offers(md5 + ", algorithm=SHA-256") + offers(md5 + ", algorithm=MD5"),
                      "algorithm=SHA-256"),
             {"in"}},
            {"stale, and a new nonce",
             "me:secret@",
             [=](const std::string& request, int number) {
                 const std::string nonce = number < 3 ? "n1" : "n2";
                 return has(request, "nonce=\"" + nonce + "\"")
                            ? answer("200", picture_type, jpeg("in"))
                            : answer("401",
                                     "WWW-Authenticate: Digest realm=\"x\", qop=\"auth\", "
                                     "stale=true, nonce=\"" +
                                         nonce + "\"\r\n");
             },
             {"in", "in", "in"}},
            {"a nonce for one request, and never stale",
             "me:secret@",
             one_nonce_each,
             {"in", "in", "in"}},
            {"no challenge",
             "me:secret@",
             [](const std::string&, int) { return answer("401", ""); },
             {"status 401"}},
            {"a challenge, and no login here",
             "",
             asks_for(offers("Basic realm=\"x\""), basic),
             {"status 401"}},
        });
    }

    TEST_CASE("a wrong password is sent once") {
        const UpstreamDouble upstream = camera_that([logins = 0](const std::string& request,
                                                                 int) mutable {
            logins += has(request, "Authorization:") ? 1 : 0;
            return answer(logins < 2 ? "401" : "500",
                          "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n");
        });
        CHECK(has(seen(upstream.url("/", "me:wrong@"), 1)[0], "status 401"));
    }

    TEST_CASE("a password that is changed while pictures come is sent twice at most") {
        // Once as before, and once as an answer to a new challenge.
        const std::string challenge =
            "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n";
        const UpstreamDouble upstream =
            camera_that([=, refused = 0](const std::string& request, int number) mutable {
                const bool login = has(request, "Authorization:");
                if (login && number < 4)
                    return answer("200", picture_type, jpeg("in"));
                refused += login ? 1 : 0;
                return answer(refused < 3 ? "401" : "500", challenge);
            });
        const auto found = seen(upstream.url("/", "me:old@"), 3, {{"fps", "100"}});
        CHECK(found[1] == "in");
        CHECK(has(found[2], "status 401"));
    }
}
