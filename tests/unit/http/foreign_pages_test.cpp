#include "http/foreign_pages.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "support/logged.hpp"

using namespace onlooker::http;
using onlooker::test::Logged;

namespace {

using Fields = std::vector<Header>;

const Cors closed{.origins = {}, .same_host = false};

Request request_of(Fields fields) {
    Request request;
    request.headers = std::move(fields);
    request.headers.push_back({"Host", "pi.local:5000"});
    return request;
}

// 200 if it is let through.
int status_of(const Cors& cors, Fields fields, Method method = Method::get) {
    Request request = request_of(std::move(fields));
    request.method = method;
    const Logged log;
    const auto refusal = ForeignPages().refuse(cors, request, false);
    return refusal ? refusal->status : 200;
}

Fields cross_site(std::string_view from, const char* name = "Referer") {
    return {{"Sec-Fetch-Site", "cross-site"}, {name, std::string(from)}};
}

}  // namespace

TEST_SUITE("pages of elsewhere") {
    TEST_CASE(
        "a request that no page of elsewhere makes is let through, also where all is closed") {
        for (const char* site : {"same-origin", "none"})
            CHECK(status_of(closed, {{"Sec-Fetch-Site", site}}) == 200);
        CHECK(status_of(closed, {}) == 200);
        CHECK(status_of(closed, {{"Referer", "http://evil.example/"}}) == 200);
    }

    TEST_CASE("one of another site is refused unless its page is allowed") {
        const Cors cors{{"https://mainsail.xyz"}};
        CHECK(status_of({}, {{"Sec-Fetch-Site", "cross-site"}}) == 403);
        CHECK(status_of(cors, {{"Sec-Fetch-Site", "cross-site"}}) == 403);
        CHECK(status_of(cors, cross_site("https://mainsail.xyz/")) == 200);
        CHECK(status_of(cors, cross_site("https://mainsail.xyz", "Origin")) == 200);
        CHECK(status_of(cors, cross_site("https://mainsail.xyz.evil/")) == 403);
        CHECK(status_of(cors, cross_site("null", "Origin")) == 403);
        CHECK(status_of(Cors{{"*"}}, {{"Sec-Fetch-Site", "cross-site"}}) == 200);
    }

    // To a browser http and https of one host are two sites.
    TEST_CASE("a page of the same host is let through, unless all is closed") {
        CHECK(status_of({}, cross_site("https://pi.local/")) == 200);
        CHECK(status_of({}, {{"Sec-Fetch-Site", "same-site"}, {"Referer", "http://pi.local/"}}) ==
              200);
        CHECK(status_of({}, {{"Sec-Fetch-Site", "same-site"}}) == 200);
        CHECK(status_of(closed,
                        {{"Sec-Fetch-Site", "same-site"}, {"Referer", "http://pi.local/"}}) == 403);
        CHECK(status_of(closed, {{"Sec-Fetch-Site", "same-site"}}) == 403);
    }

    TEST_CASE("a page of a neighbour's name is not") {
        CHECK(status_of({}, {{"Sec-Fetch-Site", "same-site"}, {"Referer", "http://a.pi.local/"}}) ==
              403);
    }

    TEST_CASE("a person who follows a link comes through, a frame and a prefetch do not") {
        const auto fields = [](const char* mode, const char* destination) {
            return Fields{{"Sec-Fetch-Site", "cross-site"},
                          {"Sec-Fetch-Mode", mode},
                          {"Sec-Fetch-Dest", destination},
                          {"Referer", "https://evil.example/"}};
        };
        CHECK(status_of(closed, fields("navigate", "document")) == 200);
        CHECK(status_of(closed, fields("navigate", "document"), Method::post) == 403);
        for (const char* destination : {"iframe", "frame", "object", "embed", "fencedframe"})
            CHECK(status_of({}, fields("navigate", destination)) == 403);
        CHECK(status_of({}, fields("no-cors", "document")) == 403);
        Fields prefetch = fields("navigate", "document");
        prefetch.push_back({"Sec-Purpose", "prefetch;prerender"});
        CHECK(status_of({}, prefetch) == 403);
    }

    TEST_CASE("answer and log say which option lets the page look, and the log once") {
        const Logged log;
        const ForeignPages pages;
        for (int i = 0; i < 100; ++i) {
            const auto refusal =
                pages.refuse({}, request_of(cross_site("https://mainsail.xyz/x")), false);
            REQUIRE(refusal);
            CHECK(std::get<std::string>(refusal->body)
                      .find("--allow-origin https://mainsail.xyz\n") != std::string::npos);
        }
        CHECK(log.count("a page of https://mainsail.xyz wanted to show or read a picture and was "
                        "refused; to allow it: --allow-origin https://mainsail.xyz") == 1);
        CHECK(log.lines().size() == 1);
        pages.refuse({}, request_of({{"Sec-Fetch-Site", "cross-site"}}), false);
        CHECK(log.count("--allow-origin \"*\"") == 1);
    }

    TEST_CASE("the log of many pages, and of one that is none, is limited and escaped") {
        const Logged log;
        const ForeignPages pages;
        for (int i = 0; i < 1'000; ++i)
            pages.refuse({}, request_of(cross_site("http://e" + std::to_string(i) + ".x/")), false);
        CHECK(log.lines().size() < 20);
        ForeignPages().refuse(
            {}, request_of(cross_site("http://\x1b[2J" + std::string(5'000, 'a'))), false);
        CHECK(log.count("http://\\x1b[2Jaaa") == 1);
        CHECK(log.lines().back().size() < 500);
    }

    // Over plain HTTP browsers send no Sec-Fetch-Site.
    TEST_CASE("a page from which the browser hides the answer is told, too") {
        const Logged log;
        const ForeignPages pages;
        const auto let_through = [&](Fields fields) {
            CHECK_FALSE(pages.refuse({}, request_of(std::move(fields)), false));
        };
        let_through({{"Referer", "http://link.example/"}, {"Accept", "text/html"}});
        let_through({{"Referer", "http://pi.local:5000/"}, {"Accept", "image/avif,*/*"}});
        let_through({{"Referer", "http://pi.local/"}, {"Accept", "image/avif,*/*"}});
        let_through({{"Origin", "http://pi.local:5000"}});
        CHECK(log.lines().empty());
        let_through({{"Referer", "http://octopi.local/"}, {"Accept", "image/avif,*/*"}});
        let_through({{"Referer", "http://octopi.local/x"}, {"Accept", "image/avif,*/*"}});
        CHECK(log.count("--allow-origin http://octopi.local") == 1);
        let_through({{"Origin", "http://mainsail.local"}});
        CHECK(log.count("--allow-origin http://mainsail.local") == 1);
        CHECK(log.lines().size() == 2);
    }
}
