// The relay as a client of HTTP: what cameras answer, by RFC 9110, 9112 and 7616 and beyond them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace std::string_literals;
using namespace onlooker::test;
using onlooker::camera::CameraError;

namespace {

// What the camera answers to a request; a "!" at its end: and closes the connection.
using Answer = std::function<std::string(const std::string& request, int number)>;

UpstreamDouble camera_that(const Answer& answer) {
    return UpstreamDouble([answer, number = 0](Visit& visit) mutable {
        for (std::string request; !(request = visit.read_request()).empty();) {
            std::string octets = answer(request, ++number);
            const bool closes = octets.ends_with('!');
            visit.send(octets.substr(0, octets.size() - (closes ? 1 : 0)));
            if (closes)
                return;
        }
    });
}

std::string answer(std::string_view status, std::string_view fields, std::string_view body = "") {
    return fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                       fields, body);
}

bool has(const std::string& request, std::string_view text) {
    return request.find(text) != std::string::npos;
}

// The scan of the next picture, or the words of the error, or "".
std::string next_of(onlooker::Generator<onlooker::camera::Captured>& frames) {
    try {
        const auto* captured = frames.next();
        if (captured == nullptr)
            return "";
        const std::string picture = picture_of(*captured);
        const std::size_t scan = jpeg("").size() - 2;
        return picture.substr(scan, picture.size() - scan - 2);
    } catch (const CameraError& error) {
        return error.what();
    }
}

std::vector<std::string> seen(const std::string& url, std::size_t count, Values values = {}) {
    FakeCaptureContext context;
    const auto driver = relay(url, std::move(values));
    auto frames = driver->frames(context);
    std::vector<std::string> result;
    while (result.size() < count)
        result.push_back(next_of(frames));
    CHECK(context.warnings().empty());
    return result;
}

const std::string picture_type = "Content-Type: image/jpeg\r\n";

struct Habit {
    std::string name;
    std::string login;
    Answer answer;
    std::vector<std::string> expected;  // scans, or parts of an error
};

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

void check(const std::vector<Habit>& habits) {
    for (const Habit& habit : habits) {
        CAPTURE(habit.name);
        const UpstreamDouble upstream = camera_that(habit.answer);
        const auto found =
            seen(upstream.url("/shot", habit.login), habit.expected.size(), {{"fps", "100"}});
        for (std::size_t i = 0; i < found.size(); ++i) {
            CAPTURE(found[i]);
            CHECK(found[i].find(habit.expected[i]) != std::string::npos);
        }
    }
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

    TEST_CASE("logins: challenges in any number and order") {
        const std::string basic = "Authorization: Basic bWU6c2VjcmV0\r\n";
        const std::string digest = "Authorization: Digest username=\"me\"";
        const auto offers = [](std::string_view challenge) {
            return fmt::format("WWW-Authenticate: {}\r\n", challenge);
        };
        const std::string md5 = "Digest realm=\"x\", nonce=\"n\", qop=\"auth\"";
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
             asks_for(offers("Negotiate") + offers("X-Own a=\"b\", Basic realm=\"x\""), basic),
             {"in"}},
            {"no qop, as in RFC 2069",
             "me:secret@",
             asks_for(offers("Digest realm=\"x\", nonce=\"n\""), digest),
             {"in"}},
            {"qop of two",
             "me:secret@",
             asks_for(offers("Digest realm=\"x\", nonce=\"n\", qop=\"auth,auth-int\""), digest),
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

    TEST_CASE("cookies, redirects and codings") {
        const auto redirect = [](std::string location) {
            return [location](const std::string& request, int) {
                return has(request, "GET /shot ")
                           ? answer("302", "Location: " + location + "\r\n")
                           : answer("200", picture_type,
                                    jpeg(request.substr(0, request.find("\r"))));
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
