#include "http/message/request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

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
