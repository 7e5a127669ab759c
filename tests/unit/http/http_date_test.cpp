#include "http/message/http_date.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace std::chrono_literals;
using namespace onlooker::http;
using std::chrono::sys_seconds;

namespace {

sys_seconds now{};

}  // namespace

TEST_SUITE("HTTP date") {
    TEST_CASE("is written as RFC 9110 writes its example") {
        CHECK(format_http_date(sys_seconds(784'111'777s)) == "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    TEST_CASE("knows leap days, the ends of years and the time after 2038") {
        CHECK(format_http_date(sys_seconds(0s)) == "Thu, 01 Jan 1970 00:00:00 GMT");
        CHECK(format_http_date(sys_seconds(951'782'400s)) == "Tue, 29 Feb 2000 00:00:00 GMT");
        CHECK(format_http_date(sys_seconds(1'735'689'599s)) == "Tue, 31 Dec 2024 23:59:59 GMT");
        CHECK(format_http_date(sys_seconds(4'102'444'800s)) == "Fri, 01 Jan 2100 00:00:00 GMT");
    }

    TEST_CASE("follows the clock, forwards and backwards") {
        HttpDate date([] { return now; });
        now = sys_seconds(10s);
        CHECK(date.text() == "Thu, 01 Jan 1970 00:00:10 GMT");
        now += 1s;
        CHECK(date.text() == "Thu, 01 Jan 1970 00:00:11 GMT");
        now -= 2s;
        CHECK(date.text() == "Thu, 01 Jan 1970 00:00:09 GMT");
    }
}
