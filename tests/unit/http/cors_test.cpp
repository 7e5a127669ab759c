#include "http/cors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

using namespace onlooker::http;

namespace {

Request with_fields(std::vector<Header> headers) {
    Request request;
    request.headers = std::move(headers);
    return request;
}

std::string header(const Response& response, std::string_view name) {
    for (const Header& field : response.headers) {
        if (field.name == name)
            return field.value;
    }
    return {};
}

Response decorated(const Cors& cors, const Request& request) {
    Response response;
    cors.decorate(request, response);
    return response;
}

std::string policy(const Cors& cors, const Request& request) {
    return header(decorated(cors, request), "Cross-Origin-Resource-Policy");
}

const Cors closed{.origins = {}, .same_host = false};

}  // namespace

TEST_SUITE("CORS") {
    TEST_CASE("where it is closed nothing is said, to a page of the same host either") {
        const Response response =
            decorated(closed, with_fields({{"Host", "a"}, {"Origin", "http://a:81"}}));
        CHECK(response.headers.empty());
        CHECK(response.frame_ancestors.empty());
    }

    TEST_CASE("a page of the same host may show, read and frame, whatever its scheme and port") {
        struct Row {
            std::string_view host;
            std::string_view origin;
        };
        for (const Row& row :
             {Row{"pi.local:8080", "http://pi.local"}, Row{"pi.local", "https://pi.local:5000"},
              Row{"127.0.0.1:8080", "http://127.0.0.1:5000"}, Row{"PI:80", "http://pi"},
              Row{"[::1]:8080", "http://[::1]"}, Row{"my_printer.local", "http://my_printer.local"},
              Row{"pi.:1", "http://pi:2"}}) {
            CAPTURE(row.host);
            const Response response =
                decorated({}, with_fields({{"Host", std::string(row.host)},
                                           {"Origin", std::string(row.origin)}}));
            CHECK(header(response, "Access-Control-Allow-Origin") == row.origin);
            CHECK(header(response, "Access-Control-Expose-Headers") == "*");
            CHECK(header(response, "Vary") == "Origin");
            CHECK(header(response, "Cross-Origin-Resource-Policy") == "same-site");
        }
        CHECK(decorated({}, with_fields({{"Host", "pi.local:8080"}})).frame_ancestors ==
              "'self' http://pi.local:*");
        for (const char* host : {"[::1]:80", "a;b", ""})
            CHECK(decorated({}, with_fields({{"Host", host}})).frame_ancestors == "'self'");
    }

    TEST_CASE("a page of another host may not") {
        for (const char* origin : {"http://b", "http://a.b", "http://b.a", "http://aa", "null",
                                   "http://", "http://a@b", "a", "://"}) {
            CAPTURE(origin);
            const Response response =
                decorated({}, with_fields({{"Host", "a"}, {"Origin", origin}}));
            CHECK(header(response, "Access-Control-Allow-Origin").empty());
            CHECK(header(response, "Vary") == "Origin");
            CHECK(header(response, "Cross-Origin-Resource-Policy") == "same-origin");
        }
        CHECK(header(decorated({}, with_fields({{"Origin", "http://a"}})),
                     "Access-Control-Allow-Origin")
                  .empty());
    }

    TEST_CASE("an allowed origin is named, another is not, and both vary") {
        const Cors cors{{"http://a"}};
        const Response allowed =
            decorated(cors, with_fields({{"Host", "c"}, {"Origin", "http://a"}}));
        CHECK(header(allowed, "Access-Control-Allow-Origin") == "http://a");
        CHECK(header(allowed, "Cross-Origin-Resource-Policy") == "cross-origin");
        const Response other =
            decorated(cors, with_fields({{"Host", "c"}, {"Origin", "http://a.evil"}}));
        CHECK(header(other, "Access-Control-Allow-Origin").empty());
        CHECK(header(other, "Vary") == "Origin");
        CHECK(header(other, "Cross-Origin-Resource-Policy") == "same-origin");
    }

    TEST_CASE("an <img> has no Origin but a Referer") {
        const Cors cors{{"http://a:8080"}};
        CHECK(policy(cors, with_fields({{"Host", "c"}, {"Referer", "http://a:8080/page?x"}})) ==
              "cross-origin");
        CHECK(policy(cors, with_fields({{"Host", "c"}, {"Referer", "http://a:80801/"}})) ==
              "same-origin");
        CHECK(policy(cors, with_fields({{"Host", "c.d"}, {"Referer", "http://c.d:8080/"}})) ==
              "same-site");
        CHECK(policy(cors, with_fields({{"Host", "c.d"}})) == "same-site");
    }

    // Chromium: an address has no site, nor has a name without a dot.
    TEST_CASE("an <img> of the same host is told more where the host is of no site") {
        for (const char* host : {"127.0.0.1", "[::1]", "printer", "localhost"}) {
            CAPTURE(host);
            const std::string page = "http://" + std::string(host) + ":5000/";
            CHECK(policy({}, with_fields({{"Host", host}, {"Referer", page}})) == "cross-origin");
            CHECK(policy({}, with_fields({{"Host", host}, {"Sec-Fetch-Site", "same-site"}})) ==
                  "cross-origin");
            CHECK(policy({}, with_fields({{"Host", host}})) == "same-site");
            CHECK(policy({}, with_fields({{"Host", host}, {"Referer", "http://a.b/"}})) ==
                  "same-origin");
            CHECK(policy(closed, with_fields({{"Host", host}, {"Referer", page}})).empty());
        }
    }

    // https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
    TEST_CASE("a page at http shows a picture of the same host at https") {
        Request request = with_fields({{"Host", "c.d"}, {"Referer", "http://c.d:81/"}});
        request.secure = true;
        CHECK(policy({}, request) == "cross-origin");
        request.headers[1].value = "https://c.d:81/";
        CHECK(policy({}, request) == "same-site");
    }

    TEST_CASE("every origin may, if all are allowed") {
        const Response response =
            decorated(Cors{{"http://a", "*"}}, with_fields({{"Host", "c"}, {"Origin", "null"}}));
        CHECK(header(response, "Access-Control-Allow-Origin") == "*");
        CHECK(header(response, "Vary").empty());
        CHECK(header(response, "Cross-Origin-Resource-Policy") == "cross-origin");
        CHECK(response.frame_ancestors == "*");
    }

    TEST_CASE("a field that the answer brings is not there twice") {
        const Cors cors{{"http://a"}};
        const Request request = with_fields({{"Origin", "http://a"}});
        Response response;
        response.with("Vary", "Accept").with("Cross-Origin-Resource-Policy", "same-site");
        cors.decorate(request, response);
        cors.decorate(request, response);
        CHECK(response.headers.size() == 4);
        CHECK(header(response, "Vary") == "Accept, Origin");
        CHECK(header(response, "Cross-Origin-Resource-Policy") == "cross-origin");
    }

    TEST_CASE("pages of allowed origins, and our own, may frame an answer") {
        const Cors two{.origins = {"http://a", "https://b:8443"}, .same_host = false};
        CHECK(decorated(two, with_fields({{"Host", "c"}})).frame_ancestors ==
              "'self' http://a https://b:8443");
    }

    TEST_CASE("a preflight is answered to those who may read") {
        const auto methods = [](const Cors& cors, const char* origin) {
            Response response;
            cors.answer_preflight(
                with_fields(
                    {{"Host", "c"}, {"Origin", origin}, {"Access-Control-Request-Method", "GET"}}),
                "GET, HEAD, OPTIONS", response);
            return header(response, "Access-Control-Allow-Methods");
        };
        CHECK(methods(Cors{{"*"}}, "http://b") == "GET, HEAD, OPTIONS");
        CHECK(methods({}, "http://c:81") == "GET, HEAD, OPTIONS");
        CHECK(methods({}, "http://b").empty());
        CHECK(methods(closed, "http://c:81").empty());
    }
}
