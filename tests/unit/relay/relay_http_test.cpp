// The relay as a client of HTTP: what cameras answer, by RFC 9110 and 9112 and beyond them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/fake_capture_context.hpp"
#include "unit/relay/scripted_camera.hpp"

using namespace onlooker::test;

namespace {

std::string a_session(const std::string& request, int) {
    return has(request, "Cookie: id=7")
               ? answer("200", picture_type, jpeg("in"))
               : answer("302", "Set-Cookie: id=7; Path=/\r\nLocation: /\r\n");
}

// As zlib writes what it cannot make smaller: one stored block (RFC 1950 and 1951).
std::string deflated(const std::string& text) {
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const char c : text) {
        low = (low + static_cast<unsigned char>(c)) % 65521;
        high = (high + low) % 65521;
    }
    const auto octet = [](std::size_t value) { return static_cast<char>(value & 0xff); };
    const std::size_t size = text.size();
    std::string result = "\x78\x01\x01";
    for (const std::size_t value : {size, size >> 8, ~size, ~size >> 8})
        result += octet(value);
    result += text;
    for (const std::uint32_t value : {high >> 8, high, low >> 8, low})
        result += octet(value);
    return result;
}

}  // namespace

TEST_SUITE("relay as a client of HTTP") {
    TEST_CASE(
        "a plain request: any 2xx with a picture in it is one, all else is told by its number") {
        const UpstreamDouble upstream = camera_that([](const std::string& request, int) {
            const std::string status = request.substr(std::string("GET /").size(), 3);
            const bool has_body = status != "204" && status != "304";
            return has_body ? answer(status, picture_type, jpeg("shown")) + "!"
                            : "HTTP/1.1 " + status + " x\r\n\r\n!";
        });
        for (int status = 200; status < 600; ++status) {
            CAPTURE(status);
            const bool shown = status / 100 == 2 && status != 204 && status != 205;
            const std::string number = fmt::format("(status {})", status);
            const std::string found = seen(upstream.url("/" + std::to_string(status)), 1)[0];
            CAPTURE(found);
            if (shown)
                CHECK(found == "shown");
            else
                CHECK((found.find(number) != found.npos ||
                       found.ends_with(fmt::format("answers with status {}", status))));
        }
    }

    TEST_CASE("a conditional request: 304 is the picture before, all else as to a plain one") {
        for (const int status : {200, 203, 206, 226, 204, 205, 300, 302, 304, 400, 404, 408, 412,
                                 416, 429, 500, 503, 599}) {
            CAPTURE(status);
            const UpstreamDouble upstream =
                camera_that([=](const std::string& request, int number) {
                    if (number != 2)
                        return answer("200", picture_type + "ETag: \"a\"\r\n",
                                      jpeg("answer " + std::to_string(number)));
                    if (!has(request, "If-None-Match: \"a\"\r\n"))
                        return answer("500", "");
                    return status == 304 || status == 204
                               ? fmt::format("HTTP/1.1 {} x\r\n\r\n", status)
                               : answer(std::to_string(status), picture_type, jpeg("answer 2"));
                });
            FakeCaptureContext context;
            const auto driver = relay(upstream.url(), {{"fps", "100"}});
            auto frames = driver->frames(context);
            CHECK(next_of(frames) == "answer 1");
            const bool shown = status / 100 == 2 && status != 204 && status != 205;
            const std::string second = next_of(frames);
            CAPTURE(second);
            if (shown)
                CHECK(second == "answer 2");
            else if (status == 304 || status == 408)  // 408: of a connection that waited too long
                CHECK((second == "answer 3" && context.warnings().empty()));
            else if (second == "answer 3")  // it was borne, and told
                CHECK(has(context.warnings().at(0), std::to_string(status)));
            else
                CHECK(has(second, std::to_string(status)));
        }
    }

    TEST_CASE("cookies, redirects and codings") {
        const auto redirect = [](std::string location) {
            return [location](const std::string& request, int) {
                return has(request, "GET /shot ")
                           ? answer("302", "Location: " + location + "\r\n")
                           : answer("200", picture_type,
                                    jpeg(request.substr(0, request.find('\r'))));
            };
        };
        check({
            {"a cookie and a redirect", "", a_session, {"in", "in"}},
            {"a session that ends with 403",
             "",
             [](const std::string& request, int number) {
                 const bool ended = number > 3 && has(request, "Cookie: id=7");
                 return ended        ? answer("403", "")
                        : number > 3 ? answer("200", picture_type, jpeg("in"))
                                     : a_session(request, number);
             },
             {"in", "in", "in"}},
            {"a relative redirect", "", redirect("other?a=b"), {"GET /other?a=b HTTP"}},
            {"a fragment stays here", "", redirect("/other#part"), {"GET /other HTTP"}},
            {"blanks in a Location", "", redirect("/an other"), {"GET /an%20other HTTP"}},
            {"no Location",
             "",
             [](const std::string&, int) { return answer("301", ""); },
             {"does not say where to"}},
            {"a scheme in capitals", "", redirect("HTTP://127.0.0.1:9/x"), {"nobody answers"}},
            {"another scheme", "", redirect("rtsp://127.0.0.1/"), {"scheme that is not allowed"}},
            {"the clouds' address", "", redirect("http://2852039166/"), {"link-local"}},
            {"gzip that is none",
             "",
             [](const std::string&, int) {
                 return answer("200", picture_type + "Content-Encoding: gzip\r\n", jpeg("in"));
             },
             {"in", "in"}},
            {"a coding nobody knows",
             "",
             [](const std::string&, int) {
                 return answer("200", picture_type + "Content-Encoding: binary\r\n", jpeg("in"));
             },
             {"in", "in"}},
            {"a length below zero",
             "",
             [](const std::string&, int) {
                 return "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n" + picture_type + "\r\n" +
                        jpeg("in") + "!";
             },
             {"in", "in"}},
        });
    }

    TEST_CASE("what comes squeezed, unasked, is decoded") {
        const UpstreamDouble upstream = camera_that([](const std::string& request, int) {
            return has(request, "Accept-Encoding: identity\r\n")
                       ? answer("200", picture_type + "Content-Encoding: deflate\r\n",
                                deflated(jpeg("in")))
                       : answer("500", "");
        });
        CHECK(seen(upstream.url(), 1)[0] == "in");
    }

    TEST_CASE("a kept connection that died is told by nobody, however often") {
        // Each connection is good for one answer, and closes upon the next request.
        const UpstreamDouble upstream = camera_that([](const std::string&, int number) {
            return number % 2 == 0 ? "!" : answer("200", picture_type, jpeg("in"));
        });
        const auto found = seen(upstream.url(), 20, {{"fps", "100"}});
        CHECK(found == std::vector<std::string>(20, "in"));
    }

    TEST_CASE("no password goes to another host, nor to another port of the same") {
        const UpstreamDouble other = camera_that([](const std::string& request, int) {
            return answer(
                "200", picture_type,
                jpeg(has(request, "Authorization") || has(request, "Cookie") ? "told" : "silent"));
        });
        for (const char* host : {"127.0.0.1", "localhost"}) {
            const std::string location =
                fmt::format("Location: http://{}:{}/\r\n", host, other.port());
            const UpstreamDouble upstream = camera_that([=](const std::string& request, int) {
                return has(request, "Authorization: Basic")
                           ? answer("302", location)
                           : answer("401", "WWW-Authenticate: Basic realm=\"x\"\r\n");
            });
            CHECK(seen(upstream.url("/", "me:secret@"), 1)[0] == "silent");
        }
    }
}
