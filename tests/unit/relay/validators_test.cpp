#include "relay/validators.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using onlooker::SteadyTime;
using onlooker::drivers::ResponseHead;
using onlooker::drivers::Validators;

namespace {

using Fields = std::vector<std::string>;

constexpr SteadyTime begin{1000s};
const std::string at_20 = "Tue, 14 Nov 2023 22:13:20 GMT";
const std::string at_21 = "Tue, 14 Nov 2023 22:13:21 GMT";

ResponseHead head(std::string etag, std::string modified, std::string date) {
    return {.content_type = {},
            .date = std::move(date),
            .etag = std::move(etag),
            .last_modified = std::move(modified),
            .timestamp = {}};
}

Fields asked_after(const ResponseHead& answer) {
    Validators validators;
    validators.learn(answer, true, begin);
    return validators.conditions(begin + 1s);
}

}  // namespace

TEST_SUITE("validators") {
    TEST_CASE("a date that is a second older than the answer is used, no younger one") {
        CHECK(asked_after(head("", at_20, at_21)) == Fields{"If-Modified-Since: " + at_20});
        CHECK(asked_after(head("", at_20, at_20)).empty());
        CHECK(asked_after(head("", at_21, at_20)).empty());
        CHECK(asked_after(head("", at_20, "")).empty());
        CHECK(asked_after(head("", "yesterday", at_21)).empty());
    }

    TEST_CASE("an ETag is used, strong or weak, unless the date beside it is too young") {
        CHECK(asked_after(head("\"a\"", "", "")) == Fields{"If-None-Match: \"a\""});
        CHECK(asked_after(head("W/\"a\"", "", at_21)) == Fields{"If-None-Match: W/\"a\""});
        CHECK(asked_after(head("\"a\"", at_20, at_21)) ==
              Fields{"If-None-Match: \"a\"", "If-Modified-Since: " + at_20});
        CHECK(asked_after(head("\"a\"", at_20, at_20)).empty());
    }

    TEST_CASE("without a Date that can be read there is nothing to compare with") {
        for (const char* answered : {"", "now", "Tue, 14 Nov\x01"}) {
            CHECK(asked_after(head("\"a\"", at_20, answered)).empty());
            CHECK(asked_after(head("\"a\"", "", answered)) == Fields{"If-None-Match: \"a\""});
        }
    }

    TEST_CASE("the two older ways of writing a date are understood") {
        for (const char* modified : {"Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023"})
            CHECK(asked_after(head("", modified, at_21)) ==
                  Fields{std::string("If-Modified-Since: ") + modified});
    }

    TEST_CASE("a date that cannot be read is no date, and the ETag beside it counts") {
        for (const std::string& modified :
             {std::string("yesterday"), at_20 + std::string(300, ' ')})
            CHECK(asked_after(head("\"a\"", modified, at_21)) == Fields{"If-None-Match: \"a\""});
    }

    TEST_CASE("answers without an ETag or a date are no lies") {
        Validators validators;
        validators.learn(head("", "", at_21), true, begin);
        validators.learn(head("", "", at_21), true, begin);
        CHECK(validators.conditions(begin).empty());
        validators.learn(head("\"a\"", "", at_21), true, begin);
        CHECK(validators.conditions(begin) == Fields{"If-None-Match: \"a\""});
    }

    TEST_CASE("what is no ETag is not repeated") {
        for (const char* etag : {"*", "abc", "\"", "W/\"", "\"a", "a\"", "w/\"a\"", "\"a\r\nX: b\"",
                                 "\"\xc3\xbc\"", "\"a\nb\""})
            CHECK(asked_after(head(etag, "", "")).empty());
        CHECK(asked_after(head('"' + std::string(300, 'a') + '"', "", "")).empty());
    }

    TEST_CASE("unchanged is believed for ten seconds") {
        Validators validators;
        validators.learn(head("\"a\"", "", ""), true, begin);
        CHECK_FALSE(validators.conditions(begin + 9999ms).empty());
        CHECK(validators.conditions(begin + 10s).empty());
        validators.learn(head("\"a\"", "", ""), false, begin + 10s);
        CHECK_FALSE(validators.conditions(begin + 11s).empty());
    }

    TEST_CASE("another picture under the same ETag or date ends the belief") {
        for (const ResponseHead& answer : {head("\"a\"", "", ""), head("", at_20, at_21)}) {
            Validators validators;
            validators.learn(answer, true, begin);
            validators.learn(answer, true, begin + 10s);
            CHECK(validators.conditions(begin + 11s).empty());
            validators.learn(head("\"b\"", "", ""), true, begin + 12s);
            CHECK(validators.conditions(begin + 12s).empty());
        }
    }

    TEST_CASE("another picture under another ETag is what an ETag is for") {
        Validators validators;
        validators.learn(head("\"a\"", "", ""), true, begin);
        validators.learn(head("\"b\"", "", ""), true, begin + 1s);
        CHECK(validators.conditions(begin + 2s) == Fields{"If-None-Match: \"b\""});
    }
}
