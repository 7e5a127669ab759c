#include "access/credentials.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

using namespace onlooker::access;
using onlooker::http::Header;
using onlooker::http::Request;
using Fault = Credentials::Fault;

namespace {

Credentials read(std::initializer_list<Header> headers) {
    Request request;
    request.headers = headers;
    return read_credentials(request, "onlooker_5000");
}

Credentials field(const std::string& value) {
    return read({{"Authorization", value}});
}

Credentials cookie(const std::string& value) {
    return read({{"Cookie", value}});
}

}  // namespace

TEST_SUITE("credentials") {
    TEST_CASE("a request without any has none") {
        CHECK(read({}).empty());
        CHECK(read({{"Cookie", "other=1"}}).empty());
    }

    TEST_CASE("Basic is a name and a password, which may hold colons (RFC 7617)") {
        const auto plain = field("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        REQUIRE(plain.basic);
        CHECK(plain.basic->name == "Aladdin");
        CHECK(plain.basic->password.view() == "open sesame");
        const auto colons = field("basic  YTpiOmM=");  // a:b:c
        REQUIRE(colons.basic);
        CHECK(colons.basic->name == "a");
        CHECK(colons.basic->password.view() == "b:c");
        const auto utf8 = field("Basic dGVzdDoxMjPCow==");  // the example of section 2.1
        REQUIRE(utf8.basic);
        CHECK(utf8.basic->password.view() == "123\xC2\xA3");
    }

    TEST_CASE("Basic that is no UTF-8 is ISO-8859-1, which libsoup and aiohttp send") {
        const auto latin1 = field("Basic dGVzdDoxMjOj");  // test:123, and A3 in hexadecimal
        REQUIRE(latin1.basic);
        CHECK(latin1.basic->password.view() == "123\xC2\xA3");
        const auto name = field("Basic auRuOng=");  // j, E4, n:x
        REQUIRE(name.basic);
        CHECK(name.basic->name == "j\xC3\xA4n");
    }

    TEST_CASE("what Basic cannot mean is malformed") {
        for (const char* wrong : {"Basic", "Basic ", "Basic QWxhZGRpbg==" /* no colon */,
                                  "Basic OnBhc3M=" /* no name */, "Basic YTo=" /* no password */,
                                  "Basic YTpiAA==" /* NUL */, "Basic YTpi=", "Basic YTpi YTpi",
                                  "Basic YSBiOmM=" /* a blank in the name */})
            CHECK(field(wrong).fault == Fault::malformed);
        CHECK(field("Basic " + std::string(100'000, 'A')).fault == Fault::malformed);
    }

    TEST_CASE("Bearer is a token") {
        const auto bearer = field("Bearer onl_abc-_~+/=");
        REQUIRE(bearer.token);
        CHECK(bearer.token->view() == "onl_abc-_~+/=");
        CHECK(field("BEARER x").token.has_value());
        CHECK(field("Bearer").fault == Fault::malformed);
        CHECK(field("Bearer a b").fault == Fault::malformed);
        CHECK(field("Bearer " + std::string(257, 'a')).fault == Fault::malformed);
    }

    TEST_CASE("other schemes are malformed, not nothing") {
        for (const char* other : {"", "Digest username=\"a\"", "Negotiate abc", "onl_abc"})
            CHECK(field(other).fault == Fault::malformed);
    }

    TEST_CASE("the cookie of our name counts, wherever it stands") {
        CHECK(cookie("onlooker_5000=id").session == "id");
        CHECK(cookie("a=1; onlooker_5000=id; b=2").session == "id");
        CHECK(cookie("a=1;onlooker_5000=id;").session == "id");
        CHECK(read({{"Cookie", "a=1"}, {"cookie", "onlooker_5000=id"}}).session == "id");
        for (const char* other : {"onlooker_5001=id", "Onlooker_5000=id", "xonlooker_5000=id",
                                  "onlooker_5000", "onlooker_5000=", ";;=;"})
            CHECK(cookie(other).empty());
    }

    TEST_CASE("a cookie and a field are both told") {
        const auto both = read({{"Authorization", "Bearer x"}, {"Cookie", "onlooker_5000=id"}});
        CHECK(both.token.has_value());
        CHECK(both.session == "id");
    }

    TEST_CASE("what could be read in two ways is a conflict") {
        CHECK(read({{"Authorization", "Bearer x"}, {"authorization", "Bearer x"}}).fault ==
              Fault::conflict);
        CHECK(read({{"Authorization", "Digest x"}, {"Authorization", "Bearer x"}}).fault ==
              Fault::conflict);
        CHECK(cookie("onlooker_5000=a; onlooker_5000=b").fault == Fault::conflict);
        CHECK(cookie("onlooker_5000=a; onlooker_5000=a").session == "a");
        CHECK(read({{"Authorization", "Bearer x"}, {"Cookie", "onlooker_5000=a; onlooker_5000=b"}})
                  .token.has_value() == false);
    }

    TEST_CASE("the cookie belongs to one port, and to this host alone where TLS allows it") {
        CHECK(session_cookie_name(5000, false) == "onlooker_5000");
        CHECK(session_cookie_name(443, true) == "__Host-onlooker_443");
        CHECK(set_session_cookie("n", "id", true) ==
              "n=id; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure");
        CHECK(clear_session_cookie("n", false) ==
              "n=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    }
}
