#include "base/url_login.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using onlooker::find_login;
using onlooker::is_inside_login;
using onlooker::login_advice;
using onlooker::UrlLogin;
using Reading = onlooker::UrlLogin::Reading;

namespace {

// What is taken for the login.
std::string login_of(std::string_view url) {
    const UrlLogin login = find_login(url);
    return login.reading == Reading::none
               ? "none"
               : std::string(url.substr(login.begin, login.end - login.begin));
}

}  // namespace

TEST_SUITE("login of a URL") {
    TEST_CASE("ends at the last '@' before the path") {
        CHECK(login_of("http://me:hush@h/s") == "me:hush");
        CHECK(login_of("http://me:hu@sh@h:81/s") == "me:hu@sh");
        CHECK(login_of("http://me@corp.com:hu sh,=%@h") == "me@corp.com:hu sh,=%");
        CHECK(login_of("relay:http://me:h@[::1]:80/a@b") == "me:h");
        CHECK(login_of("http://me:h@192.0.2.1:80/a@b") == "me:h");
        CHECK(login_of("http://me@h/s") == "me");
        CHECK(find_login("http://me@h/s").colon == std::string_view::npos);
        CHECK(find_login("http://me@h:80/s").colon == std::string_view::npos);
        for (const char* url :
             {"http://h/s", "http://h:81/s", "http://h/a:b@c", "http://[::1]:80/a@b",
              "http://127.0.0.1:80/a@b", "http://LocalHost:80/a@b", "/dev/video0", ""}) {
            CAPTURE(url);
            CHECK(find_login(url).reading == Reading::none);
        }
    }

    TEST_CASE("is told from a path only where that is sure") {
        const struct {
            const char* url;
            Reading reading;
        } rows[]{
            {"http://me:hu/sh@h/s", Reading::unescaped},
            {"rtsp://me:hu?sh@h", Reading::unescaped},
            {"rtsp://me:12a#3@h", Reading::unescaped},
            {"http://me:12/34@h/s", Reading::doubtful},  // or port 12 of the host "me"
            {"http://me:/34@h/s", Reading::doubtful},
            {"http://cam:80/a@b", Reading::doubtful},
            {"http://me:p@ss/word@h/s", Reading::doubtful},
            {"http://me@corp.com:12/34@h/s", Reading::doubtful},
            {"http://me:p@localhost#w/rd@h/s", Reading::doubtful},
            {"http://me:hu/sh@h/a@b", Reading::doubtful},
            {"http://me:hush", Reading::unfinished},
            {"http://me:hu/sh", Reading::unfinished},
            {"http://me@corp.com:hush/", Reading::unfinished},
            {"http://h:99999/", Reading::unfinished},
        };
        for (const auto& row : rows) {
            CAPTURE(row.url);
            const UrlLogin login = find_login(row.url);
            CHECK(login.reading == row.reading);
            CHECK_FALSE(login.is_plain());
            CHECK_FALSE(login_advice(login.reading).empty());
        }
    }

    TEST_CASE("of a second URL of a text is its own") {
        const std::string_view text = "http://a:b@h/ http://c:d@i/";
        const UrlLogin second = find_login(text, find_login(text).begin);
        CHECK(text.substr(second.begin, second.end - second.begin) == "c:d");
    }

    TEST_CASE("holds separators that belong to it") {
        const std::string_view text = "relay:http://me:hu,sh=1;@h/,fps=5,title=a@b";
        CHECK(is_inside_login(text, text.find(',')));
        CHECK(is_inside_login(text, text.find(';')));
        CHECK_FALSE(is_inside_login(text, text.find(",fps")));
        CHECK_FALSE(is_inside_login(text, text.find(",title")));
        CHECK_FALSE(is_inside_login("http://h:81,user=a@b", 11));
        CHECK_FALSE(is_inside_login("http://me:hu,sh", 12));
    }
}
