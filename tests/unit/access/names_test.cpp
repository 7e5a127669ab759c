#include "access/names.hpp"

#include <doctest/doctest.h>

#include <string>

using onlooker::access::is_user_name;
using onlooker::access::is_word;

TEST_SUITE("names") {
    TEST_CASE("users may be called in any script") {
        for (const char* good : {"anna", "a@example.org", "Jürgen", "Ольга", "x-1_y.z", "a#b"})
            CHECK(is_user_name(good));
        CHECK(is_user_name(std::string(64, 'a')));
    }

    TEST_CASE("a name that would end early, hide, or look like a comment is none") {
        for (const char* wrong : {"", "a b", "a:b", "a,b", "#a", "a\tb", "a\nb", "a\x7f", "\xff",
                                  "a\xe2\x80\xae", "a\\b"})
            CHECK_FALSE(is_user_name(wrong));
        CHECK_FALSE(is_user_name(std::string(65, 'a')));
        CHECK_FALSE(is_user_name(std::string("a\0b", 3)));
    }

    TEST_CASE("words are ASCII") {
        CHECK(is_word("octoprint.2_a-b"));
        for (const char* wrong : {"", "a b", "ü", "a:b", "a/b"})
            CHECK_FALSE(is_word(wrong));
        CHECK_FALSE(is_word(std::string(65, 'a')));
    }
}
