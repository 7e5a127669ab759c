#include "app/kept_controls.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "app/camera_spec.hpp"

using namespace onlooker;
using app::KeptControls;

namespace {

std::string words(const std::vector<camera::ControlChange>& changes) {
    std::string all;
    for (const auto& change : changes)
        all += fmt::format("{}={} ", change.id, change.value);
    return all;
}

}  // namespace

TEST_SUITE("kept controls") {
    TEST_CASE("what was set comes back, each as it was set last and where it was set first") {
        KeptControls kept;
        CHECK(kept.keep("yard", {"exposure_auto", 0}, {}));
        CHECK(kept.keep("yard", {"exposure", 50.5}, {}));
        CHECK(kept.keep("yard", {"exposure_auto", 1}, {}));
        CHECK_FALSE(kept.keep("yard", {"exposure_auto", 1}, {}));
        const auto again = KeptControls::parse(kept.text());
        CHECK(words(again.of("yard", {})) == "exposure_auto=1 exposure=50.5 ");
        CHECK(words(again.of("bed", {})).empty());
    }

    TEST_CASE("against the configuration the newer word counts") {
        KeptControls kept;
        kept.keep("yard", {"gain", 7}, {{"gain", "3"}, {"fps", "15"}});
        kept.keep("yard", {"focus", 9}, {});
        CHECK(words(kept.of("yard", {{"gain", "3"}, {"fps", "30"}})) == "gain=7 focus=9 ");
        CHECK(words(kept.of("yard", {{"gain", "4"}})) == "focus=9 ");
        CHECK(words(kept.of("yard", {})) == "focus=9 ");
        CHECK(words(kept.of("yard", {{"gain", "3"}, {"focus", "1"}})) == "gain=7 ");
    }

    TEST_CASE("cameras and members that are not known stay as they are") {
        auto kept = KeptControls::parse(
            R"({"version":1,"note":"mine","cameras":{"old":{"controls":{"gain":{"value":1}}},)"
            R"("yard":{"more":true,"controls":{"zoom":{"value":2}}}}})");
        kept.keep("yard", {"gain", 3}, {});
        const std::string text = kept.text();
        for (const char* const part : {R"("note": "mine")", R"("old")", R"("more": true)"})
            CHECK_MESSAGE(text.find(part) != std::string::npos, part);
        CHECK(words(KeptControls::parse(text).of("yard", {})) == "zoom=2 gain=3 ");
        CHECK(words(KeptControls::parse(text).of("old", {})) == "gain=1 ");
    }

    TEST_CASE("what is no number, or no object, is passed over") {
        auto kept = KeptControls::parse(
            R"({"version":1,"cameras":{"yard":{"controls":{"a":{"value":"1"},"b":{},"c":3,)"
            R"("d":{"value":4}}},"bed":[]}})");
        CHECK(words(kept.of("yard", {})) == "d=4 ");
        CHECK(words(kept.of("bed", {})).empty());
        CHECK(kept.keep("bed", {"gain", 1}, {}));
        CHECK(words(kept.of("bed", {})) == "gain=1 ");
    }

    TEST_CASE("a text that is none of ours is refused in words") {
        const auto refuses = [](const std::string& text, const char* why) {
            CHECK_THROWS_WITH_AS(KeptControls::parse(text), doctest::Contains(why),
                                 app::ValueError);
        };
        refuses("", "no JSON object");
        refuses("{\"version\":1", "no JSON object");
        refuses("[1]", "no JSON object");
        refuses("{\"version\":2}", "\"version\": 1");
        refuses("{}", "\"version\": 1");
        refuses(R"({"version":1,"cameras":[]})", "\"cameras\"");
        refuses(std::string(KeptControls::longest_text + 1, ' '), "1 MiB");
    }
}
