#include "endpoints/assets.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <variant>

using namespace onlooker;
using endpoints::Assets;
using endpoints::html_escaped;
using endpoints::index_page;
using endpoints::ShownCamera;

namespace {

constexpr const char* hostile = "\"><img src=x onerror=alert(1)>'&{{version}}";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string header(const http::Response& response, const std::string& name) {
    for (const http::Header& header : response.headers) {
        if (header.name == name)
            return header.value;
    }
    return "absent";
}

http::Request request(std::string name, std::string value) {
    http::Request request;
    request.headers.push_back({std::move(name), std::move(value)});
    return request;
}

}  // namespace

TEST_SUITE("page") {
    TEST_CASE("shows the first camera without a script") {
        const std::array cameras{ShownCamera{"camera", "camera"}};
        const std::string page = index_page(cameras, "1.2.3");
        CHECK(contains(page, "src=\"/video_feed\""));
        CHECK(contains(page, "Live picture of camera"));
        CHECK(contains(page, "onlooker 1.2.3"));
        CHECK_FALSE(contains(page, "class=\"cameras\""));
        CHECK_FALSE(contains(page, "{{"));
    }

    TEST_CASE("lists the cameras when there are several") {
        const std::array cameras{ShownCamera{"bed", "Print bed"}, ShownCamera{"esp", "Garage"}};
        const std::string page = index_page(cameras, "1");
        CHECK(
            contains(page, "<a href=\"./cameras/bed/stream\" aria-current=\"true\">Print bed</a>"));
        CHECK(contains(page, "<a href=\"./cameras/esp/stream\">Garage</a>"));
    }

    TEST_CASE("escapes a title that would be a tag") {
        const std::array cameras{ShownCamera{"a", hostile}, ShownCamera{"b", hostile}};
        const std::string page = index_page(cameras, "1");
        CHECK_FALSE(contains(page, "<img src=x"));
        CHECK(contains(page, html_escaped(hostile)));
        CHECK(html_escaped("<a&\"'>") == "&lt;a&amp;&quot;&#39;&gt;");
    }

    TEST_CASE("a title that looks like a placeholder stays a title") {
        const std::array cameras{ShownCamera{"a", "Print bed"}, ShownCamera{"b", "{{first}}"},
                                 ShownCamera{"c", "{{version}}"}};
        const std::string page = index_page(cameras, "1.2.3");
        CHECK(contains(page, ">{{first}}</a>"));
        CHECK(contains(page, ">{{version}}</a>"));
    }

    TEST_CASE("has no script or style of its own, so that the policy can forbid them") {
        const std::array cameras{ShownCamera{"a", "a"}};
        const std::string page = index_page(cameras, "1");
        CHECK_FALSE(contains(page, "style="));
        CHECK_FALSE(contains(page, "<style"));
        CHECK_FALSE(contains(page, " onclick"));
        CHECK_FALSE(contains(page, "<script>"));
    }

    TEST_CASE("comes with type, tag and policy") {
        const std::array cameras{ShownCamera{"a", "a"}};
        const Assets assets(cameras, "1");
        const http::Response page = assets.page.response({});
        CHECK(page.status == 200);
        CHECK(header(page, "Content-Type") == "text/html; charset=utf-8");
        CHECK(contains(write_head(page, {}),
                       "\r\nContent-Security-Policy: default-src 'self'; base-uri 'none'; "
                       "form-action 'self'; frame-ancestors 'none'\r\n"));
        CHECK(contains(std::get<std::string>(page.body), "<!DOCTYPE html>"));
        CHECK(header(assets.style.response({}), "Content-Type") == "text/css; charset=utf-8");
        CHECK(header(assets.script.response({}), "Content-Type") ==
              "text/javascript; charset=utf-8");
        CHECK(header(assets.icon.response({}), "Content-Type") == "image/x-icon");
        CHECK(std::get<std::string>(assets.icon.response({}).body)
                  .starts_with(std::string("\0\0\1\0", 4)));
        CHECK(header(assets.script.response({}), "ETag") !=
              header(assets.style.response({}), "ETag"));
    }

    TEST_CASE("is not sent again to who has it") {
        const std::array cameras{ShownCamera{"a", "a"}};
        const Assets assets(cameras, "1");
        const std::string etag = header(assets.page.response({}), "ETag");
        for (const std::string& value : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
            const http::Response response = assets.page.response(request("If-None-Match", value));
            CHECK(response.status == 304);
            CHECK(std::get<std::string>(response.body).empty());
            CHECK(header(response, "ETag") == etag);
            CHECK(contains(write_head(response, {}), "default-src 'self'"));
        }
        CHECK(assets.page.response(request("If-None-Match", "\"x\"")).status == 200);
    }
}
