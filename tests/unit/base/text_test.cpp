#include "base/text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

using namespace onlooker;
using namespace std::string_view_literals;

TEST_SUITE("text") {
    TEST_CASE("letters stay readable; what cannot be seen or is no UTF-8 is escaped") {
        using onlooker::readable;
        CHECK(readable("K\xc3\xbc"
                       "che \xe5\xba\xad \xf0\x9f\x90\x88") ==
              "K\xc3\xbc"
              "che \xe5\xba\xad \xf0\x9f\x90\x88");
        CHECK(readable("a\x1b\x7f\\") == "a\\x1b\\x7f\\x5c");
        CHECK(readable("\xc2\x85|\xe2\x80\xae|\xef\xbb\xbf") ==
              "\\xc2\\x85|\\xe2\\x80\\xae|\\xef\\xbb\\xbf");
        CHECK(readable("\xc3|\xfc|\xe0\x80\xaf|\xed\xa0\x80") ==
              "\\xc3|\\xfc|\\xe0\\x80\\xaf|\\xed\\xa0\\x80");
        CHECK(readable("abcd", 2) == "ab...");
    }

    TEST_CASE("what is escaped is one line of printable ASCII, and says where it was cut") {
        CHECK(escaped("plain text") == "plain text");
        CHECK(escaped("a\r\nb\\\0\xff"sv) == "a\\x0d\\x0ab\\x5c\\x00\\xff");
        CHECK(escaped("abcdef", 3) == "abc...");
    }

    TEST_CASE("a number is the whole text, within its type") {
        CHECK(parse_number<std::uint8_t>("255") == 255);
        CHECK(parse_number<int>("-3") == -3);
        for (const auto text : {"", " 1", "1 ", "+1", "256", "-1", "0x1", "1e1"})
            CHECK(!parse_number<std::uint8_t>(text));
    }

    TEST_CASE("letters and digits are those of ASCII, whatever the locale") {
        CHECK(is_alphanumeric('a'));
        CHECK(is_alphanumeric('Z'));
        CHECK(is_alphanumeric('0'));
        for (const char c : "@[`{/:_\xe4"sv)
            CHECK(!is_alphanumeric(c));
    }

    TEST_CASE("only letters have a case") {
        CHECK(to_lower('A') == 'a');
        CHECK(to_lower('Z') == 'z');
        CHECK(to_upper('a') == 'A');
        CHECK(to_upper('z') == 'Z');
        for (const char c : "@[`{1_\xe4\xc4"sv) {
            CHECK(to_lower(c) == c);
            CHECK(to_upper(c) == c);
        }
    }

    TEST_CASE("yes and no have four words each, in any case") {
        for (const auto text : {"true", "yes", "on", "1", "Yes", "ON"})
            CHECK(parse_yes_no(text) == true);
        for (const auto text : {"false", "no", "off", "0", "False", "NO"})
            CHECK(parse_yes_no(text) == false);
        for (const auto text : {"", "y", "2", "00", "yes ", "maybe"})
            CHECK_FALSE(parse_yes_no(text));
    }

    TEST_CASE("blanks go from both ends and stay inside") {
        CHECK(trimmed(" \ta b\t ") == "a b");
        CHECK(trimmed(" \t ").empty());
        CHECK(trimmed("").empty());
        CHECK(trimmed("\r\na\r\n") == "\r\na\r\n");
        CHECK(trimmed("\r\n a\r\n", " \r\n") == "a");
    }

    TEST_CASE("case is ignored in letters alone") {
        CHECK(equal_ignoring_case("Content-Length", "content-LENGTH"));
        CHECK(!equal_ignoring_case("a", "ab"));
        CHECK(!equal_ignoring_case("@", "`"));
    }
}
