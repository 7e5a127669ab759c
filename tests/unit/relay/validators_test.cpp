#include "relay/validators.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "relay/response_head.hpp"

using namespace std::chrono_literals;
using onlooker::SteadyTime;
using onlooker::drivers::ResponseHead;
using onlooker::drivers::Validators;

namespace {

using Fields = std::vector<std::string>;

constexpr SteadyTime now{1h};
const std::string early = "Tue, 14 Nov 2023 22:13:20 GMT";
const std::string late = "Tue, 14 Nov 2023 22:13:21 GMT";

ResponseHead head(std::string date, std::string last_modified, std::string etag = {}) {
    return {.content_type = {},
            .date = std::move(date),
            .etag = std::move(etag),
            .last_modified = std::move(last_modified),
            .timestamp = {}};
}

Fields conditions_after(const ResponseHead& learnt) {
    Validators validators;
    validators.learn(learnt, true, now);
    return validators.conditions(now);
}

}  // namespace

TEST_SUITE("what a snapshot can be asked for by") {
    TEST_CASE("a date names one version only when it is a second older than the answer") {
        CHECK(conditions_after(head(late, early)) == Fields{"If-Modified-Since: " + early});
        CHECK(conditions_after(head(early, early)).empty());
        CHECK(conditions_after(head(early, late)).empty());
    }

    TEST_CASE("without a Date, or with what is none, a date names nothing") {
        CHECK(conditions_after(head("", early)).empty());
        CHECK(conditions_after(head("yesterday", early)).empty());
        CHECK(conditions_after(head(late, "yesterday")).empty());
    }

    TEST_CASE("an entity tag names a version, strong or weak") {
        CHECK(conditions_after(head("", "", "\"a\"")) == Fields{"If-None-Match: \"a\""});
        CHECK(conditions_after(head("", "", "W/\"a\"")) == Fields{"If-None-Match: W/\"a\""});
    }

    TEST_CASE("an entity tag that a file server makes of a young date names nothing") {
        CHECK(conditions_after(head(early, early, "\"size-date\"")).empty());
        CHECK(conditions_after(head(late, early, "\"size-date\"")).size() == 2);
    }

    TEST_CASE("what is no entity tag is not sent back") {
        for (const char* etag : {"*", "a", "\"", "\"a", "W/a", "\"a\"\r\nHost: b\""})
            CHECK(conditions_after(head("", "", etag)).empty());
        CHECK(conditions_after(head("", "", '"' + std::string(300, 'a') + '"')).empty());
    }

    TEST_CASE("that nothing has changed is believed for ten seconds") {
        Validators validators;
        validators.learn(head(late, early), true, now);
        CHECK(!validators.conditions(now + 9s).empty());
        CHECK(validators.conditions(now + 10s).empty());
    }

    TEST_CASE("a server that shows another picture under the same name is not asked so again") {
        Validators validators;
        validators.learn(head(late, early), true, now);
        validators.learn(head(late, early), false, now);
        CHECK(!validators.conditions(now).empty());
        validators.learn(head(late, early), true, now);
        CHECK(validators.conditions(now).empty());
        validators.learn(head("Tue, 14 Nov 2023 22:14:00 GMT", late), true, now);
        CHECK(validators.conditions(now).empty());
    }
}
