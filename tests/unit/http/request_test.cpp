#include "http/message/request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "http/message/request_target.hpp"
#include "http/message/syntax.hpp"

using namespace onlooker::http;

TEST_SUITE("query") {
    TEST_CASE("names and values are decoded, a plus is a space, a bare name is empty") {
        const Query query = Query::parse("a=1&b%20c=d+e&flag&f=%2B&=x");
        CHECK(query.get("a") == "1");
        CHECK(query.get("b c") == "d e");
        CHECK(query.get("flag") == "");
        CHECK(query.get("f") == "+");
        CHECK(!query.has("g"));
    }

    TEST_CASE("of a repeated name the first counts") {
        CHECK(Query::parse("a=1&a=2").get("a") == "1");
    }

    TEST_CASE("a percent sign that encodes nothing stays") {
        const Query query = Query::parse("a=100%&b=%zz&c=%4");
        CHECK(query.get("a") == "100%");
        CHECK(query.get("b") == "%zz");
        CHECK(query.get("c") == "%4");
    }

    TEST_CASE("a name has no case and no blanks around it") {
        CHECK(Query::parse("ACTION=stream").get("action") == "stream");
        CHECK(Query::parse("+a%20=1").get("a") == "1");
    }

    // What front ends make of the address that they were given.
    TEST_CASE("a parameter is found however the query around it is written") {
        for (const char* text : {"a=v?nonce=1", "a=v?1700000000000",
                                 "?a=v",        "??a=v",
                                 "x=1?a=v",     "nonce?a=v",
                                 "a=v&&b=2",    "&a=v&",
                                 "&&&a=v",      "a=v;b=2",
                                 "b=2;a=v",     "a=v&amp;b=2",
                                 "b=2&amp;a=v", "1700000000000&a=v",
                                 "=&=x&a=v",    "a=v&a=w",
                                 "%61=v",       "a=%76",
                                 "b==c&a=v",    "a=v&b=%3Fa=x",
                                 "a=v?a=w"}) {
            CAPTURE(text);
            CHECK(Query::parse(text).get("a") == "v");
        }
        CHECK(Query::parse("b=%3Fa=x&c=%26a=x&d=%3Ba=x").has("a") == false);
        CHECK(Query::parse("max_delay=0?1700").get("max_delay") == "0");
    }

    TEST_CASE("there are no more than 128 parameters, and separators alone are none") {
        std::string text;
        for (int i = 0; i < 1'000; ++i)
            text += "n" + std::to_string(i) + "=v&&&";
        const Query query = Query::parse(text);
        CHECK(query.has("n127"));
        CHECK(!query.has("n128"));
        CHECK(Query::parse(std::string(8'000, '&') + "a").has("a"));
        CHECK(!Query::parse(std::string(8'000, '&')).has(""));
    }
}

TEST_SUITE("request") {
    TEST_CASE("a header is found whatever its case, the first of its name") {
        Request request;
        request.headers = {{"Accept", "a"}, {"ACCEPT", "b"}};
        CHECK(request.header("accept") == "a");
        CHECK(request.header("Origin").empty());
    }

    TEST_CASE("all headers of a name come in their order, whatever their case") {
        Request request;
        request.headers = {{"Via", "a"}, {"Accept", "x"}, {"VIA", ""}, {"via", "b"}};
        std::vector<std::string> found;
        for (const std::string& value : request.all("vIa"))
            found.push_back(value);
        CHECK(found == std::vector<std::string>{"a", "", "b"});
        CHECK(request.all("Origin").empty());
    }
}

TEST_SUITE("entity tags") {
    TEST_CASE("If-None-Match is a list, weak tags count, and * is any") {
        CHECK(names_entity_tag("\"a\"", "\"a\""));
        CHECK(names_entity_tag("\"x\" ,\tW/\"a\"", "\"a\""));
        CHECK(names_entity_tag("*", "\"a\""));
        CHECK_FALSE(names_entity_tag("", "\"a\""));
        CHECK_FALSE(names_entity_tag("a, \"b\",,", "\"a\""));
    }
}

TEST_SUITE("target in a log") {
    TEST_CASE("is shown without the signature of a link, however that is written") {
        CHECK(shown_target("/stream?width=320") == "/stream?width=320");
        CHECK(shown_target("/stream?sigma=1") == "/stream?sigma=1");
        CHECK(shown_target("/a\nb") == "/a\\x0ab");
        for (const char* target : {"/stream?exp=1&sig=abc", "/stream?Sig=abc", "/stream?s%69g=abc",
                                   "/stream?x;sig=abc", "/stream??sig=abc"}) {
            CAPTURE(target);
            CHECK(shown_target(target) == "/stream?***");
        }
    }
}
