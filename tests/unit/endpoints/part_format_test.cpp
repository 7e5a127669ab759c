#include "endpoints/part_format.hpp"

#include <doctest/doctest.h>

#include <string>

#include "http/message/request.hpp"

using namespace onlooker;
using endpoints::choose_format;
using endpoints::PartFormat;

namespace {

http::Request request(std::string query, std::string agent = "", std::string accept = "") {
    http::Request made;
    made.query = http::Query::parse(query);
    if (!agent.empty())
        made.headers.push_back({"User-Agent", agent});
    if (!accept.empty())
        made.headers.push_back({"Accept", accept});
    return made;
}

const std::string chromium = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0";
const std::string firefox =
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

}  // namespace

TEST_SUITE("choice of the format") {
    TEST_CASE("what is asked for is given") {
        CHECK(choose_format(request("format=padded", chromium, "image/avif")) ==
              PartFormat::padded);
        CHECK(choose_format(request("format=length", chromium, "image/avif")) ==
              PartFormat::length);
        CHECK(choose_format(request("format=ahead")) == PartFormat::ahead);
        CHECK(choose_format(request("advance_headers=1")) == PartFormat::ahead);
        CHECK(choose_format(request("advance_headers=0", chromium, "image/avif")) ==
              PartFormat::length);
        CHECK(choose_format(request("format=nonsense")) == PartFormat::length);
    }

    TEST_CASE("an img, or a tab, of Chromium or Safari gets the head ahead") {
        CHECK(choose_format(request("", chromium, "image/avif,image/webp,*/*;q=0.8")) ==
              PartFormat::ahead);
        CHECK(choose_format(request("", chromium, "text/html,*/*")) == PartFormat::ahead);
    }

    TEST_CASE("fetch, Firefox and everybody else get the length") {
        CHECK(choose_format(request("", chromium, "*/*")) == PartFormat::length);
        CHECK(choose_format(request("", firefox, "image/avif,image/webp")) == PartFormat::length);
        CHECK(choose_format(request("", "curl/8.0", "*/*")) == PartFormat::length);
        CHECK(choose_format(request("")) == PartFormat::length);
    }

    TEST_CASE("what Home Assistant fetches ends in a browser") {
        CHECK(choose_format(request("", "HomeAssistant/2026.11 aiohttp/3.9", "*/*")) ==
              PartFormat::ahead);
    }
}
