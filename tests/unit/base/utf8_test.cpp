#include "base/utf8.hpp"

#include <doctest/doctest.h>

TEST_SUITE("utf8") {
    TEST_CASE("UTF-8 is told from what is none, and made of ISO-8859-1") {
        for (const char* good : {"", "plain",
                                 "K\xc3\xbc"
                                 "che",
                                 "\xe5\xba\xad", "\xf0\x9f\x90\x88"})
            CHECK(onlooker::is_utf8(good));
        for (const char* wrong : {"\xfc", "a\xc3", "\xc0\x80", "\xe0\x80\xaf", "\xed\xa0\x80",
                                  "\xf4\x90\x80\x80", "\xc3("})
            CHECK_FALSE(onlooker::is_utf8(wrong));
        CHECK(onlooker::utf8_of_latin1("K\xfc"
                                       "che") ==
              "K\xc3\xbc"
              "che");
    }
}
