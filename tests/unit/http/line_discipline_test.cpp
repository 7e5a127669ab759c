#include "http/message/line_discipline.hpp"

#include <doctest/doctest.h>

#include <string_view>

using onlooker::http::LineDiscipline;
using namespace std::string_view_literals;

namespace {

// How many octets of `text` may stand where they stand.
std::size_t accepted(std::string_view text) {
    LineDiscipline line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!line.feed(text[i]).empty())
            return i;
    }
    return text.size();
}

}  // namespace

TEST_SUITE("line discipline") {
    TEST_CASE("CR LF ends a line, and neither stands alone") {
        CHECK(accepted("a: b\r\n") == 6);
        CHECK(accepted("a\n") == 1);
        CHECK(accepted("a\rb") == 2);
        CHECK(accepted("a\r\r") == 2);
        CHECK(accepted("\n") == 0);
    }

    TEST_CASE("no control octet but a tab stands in a line, and every other octet does") {
        CHECK(accepted("a\0"sv) == 1);
        CHECK(accepted("a\x7f") == 1);
        CHECK(accepted("a\x1b") == 1);
        CHECK(accepted("a\tb\xff\x80") == 5);
    }

    TEST_CASE("a line begins with neither white space nor a colon") {
        CHECK(accepted(" a") == 0);
        CHECK(accepted("\ta") == 0);
        CHECK(accepted(":a") == 0);
        CHECK(accepted("a :") == 3);
    }

    TEST_CASE("the end of a line is no part of its length, and the next line starts afresh") {
        LineDiscipline line;
        for (const char c : "ab\r"sv)
            CHECK(line.feed(c).empty());
        CHECK(line.is_ending());
        CHECK(line.octets() == 2);
        line.begin_line();
        CHECK(!line.is_ending());
        CHECK(line.octets() == 0);
        CHECK(!line.feed(' ').empty());
    }
}
