#include "endpoints/assets.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace onlooker;
using endpoints::Asset;
using endpoints::asset_of;
using endpoints::asset_of_page;
using endpoints::html_escaped;
using endpoints::index_page;
using endpoints::manual_page;
using endpoints::ShownCamera;
using endpoints::static_files;

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

std::string body(const http::Response& response) {
    return std::get<std::string>(response.body);
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
        CHECK(contains(page, "<noscript>"));
        CHECK_FALSE(contains(page, "{{"));
    }

    TEST_CASE("lists the cameras when there are several") {
        const std::array cameras{ShownCamera{"bed", "Print bed"}, ShownCamera{"esp", "Garage"}};
        const std::string page = index_page(cameras, "1");
        CHECK(contains(page, "<a href=\"./cameras/bed/stream\" data-name=\"bed\">Print bed</a>"));
        CHECK(contains(page, "<a href=\"./cameras/esp/stream\" data-name=\"esp\">Garage</a>"));
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
        std::vector<std::string> pages{index_page(cameras, "1"), manual_page("1")};
        for (const auto& file : static_files())
            if (file.content_type.starts_with("text/html"))
                pages.push_back(body(asset_of(file).response({})));
        CHECK(pages.size() == 3);
        for (const std::string& page : pages) {
            CHECK_FALSE(contains(page, "style="));
            CHECK_FALSE(contains(page, "<style"));
            CHECK_FALSE(contains(page, " onclick"));
            CHECK_FALSE(contains(page, "<script>"));
        }
    }

    TEST_CASE("loads nothing from anywhere else") {
        for (const auto& file : static_files()) {
            CAPTURE(file.path);
            std::string text = body(asset_of(file).response({}));
            // The name of a language, where nothing is.
            for (const std::string name = "http://www.w3.org/"; contains(text, name);)
                text.erase(text.find(name), name.size());
            CHECK_FALSE(contains(text, "http://"));
            CHECK_FALSE(contains(text, "https://"));
        }
    }

    TEST_CASE("is small as it is sent, with all that it loads") {
        const std::array cameras{ShownCamera{"a", "a"}};
        std::size_t octets = index_page(cameras, "1").size();
        const http::Request browser = request("Accept-Encoding", "gzip, deflate, br");
        for (const auto& file : static_files())
            if (const std::string path(file.path); path != "/manual.js" && path != "/kiosk.js" &&
                                                   path != "/style.css" && path != "/wall.html" &&
                                                   path != "/favicon.ico")
                octets += body(asset_of(file).response(browser)).size();
        CHECK(octets <= 60'000);
    }

    TEST_CASE("comes compressed to who takes it, under a tag of its own") {
        const Asset script("text/javascript", "let it = be;", "\x1f\x8b...");
        const http::Response plain = script.response({});
        CHECK(body(plain) == "let it = be;");
        CHECK(header(plain, "Content-Encoding") == "absent");
        CHECK(header(plain, "Vary") == "Accept-Encoding");
        for (const char* accepted : {"gzip", "br, GZIP", "deflate,gzip , zstd"}) {
            const http::Response small = script.response(request("Accept-Encoding", accepted));
            CHECK(body(small) == "\x1f\x8b...");
            CHECK(header(small, "Content-Encoding") == "gzip");
            CHECK(header(small, "ETag") != header(plain, "ETag"));
        }
        for (const char* accepted : {"", "br", "gzip;q=0", "xgzip"})
            CHECK(body(script.response(request("Accept-Encoding", accepted))) == "let it = be;");
    }

    TEST_CASE("comes with type, tag and policy") {
        const std::array cameras{ShownCamera{"a", "a"}};
        const http::Response page = asset_of_page(index_page(cameras, "1")).response({});
        CHECK(page.status == 200);
        CHECK(header(page, "Content-Type") == "text/html; charset=utf-8");
        CHECK(contains(write_head(page, {}),
                       "\r\nContent-Security-Policy: default-src 'self'; base-uri 'none'; "
                       "form-action 'self'; frame-ancestors 'none'\r\n"));
        CHECK(contains(body(page), "<!DOCTYPE html>"));
    }

    TEST_CASE("what it loads comes with type and tag") {
        std::set<std::string> tags;
        for (const auto& file : static_files()) {
            CAPTURE(file.path);
            const http::Response answer = asset_of(file).response({});
            CHECK(answer.status == 200);
            CHECK(header(answer, "Content-Type") == file.content_type);
            CHECK(body(answer).size() > 10);
            CHECK(tags.insert(header(answer, "ETag")).second);
        }
    }

    TEST_CASE("is not sent again to who has it") {
        const std::array cameras{ShownCamera{"a", "a"}};
        const Asset page = asset_of_page(index_page(cameras, "1"));
        const std::string etag = header(page.response({}), "ETag");
        for (const std::string& value : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
            const http::Response response = page.response(request("If-None-Match", value));
            CHECK(response.status == 304);
            CHECK(std::get<std::string>(response.body).empty());
            CHECK(header(response, "ETag") == etag);
            CHECK(contains(write_head(response, {}), "default-src 'self'"));
        }
        CHECK(page.response(request("If-None-Match", "\"x\"")).status == 200);
    }
}
