// Variants of a camera that is turned by hand: what they show of it, and what becomes of them when
// it fails, closes or changes its size.
#include "variants/variant.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "camera/viewing.hpp"
#include "stage.hpp"
#include "support/logged.hpp"
#include "variants/variants.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;
using test::half;
using test::Looker;
using test::VariantStage;

namespace {

media::Recipe fitting(unsigned width) {
    media::Recipe recipe;
    recipe.fit_width = width;
    return recipe;
}

std::vector<std::string> vias(const camera::Feed& feed) {
    std::vector<std::string> all;
    feed.for_each_viewing(
        [&all](const camera::Viewing& viewing) { all.push_back(viewing.description().via); });
    return all;
}

}  // namespace

TEST_SUITE("variant") {
    TEST_CASE("a picture that cannot be made costs its recipe that picture and one line") {
        test::Logged logged;
        VariantStage stage;
        const Looker looker(stage.view(half()));
        stage.maker.fail_with([] { return media::VariantMaker::Unusable{"it is torn"}; });
        stage.turn();
        REQUIRE(stage.run_until([&] { return stage.only_one().unusable == 1; }));
        stage.turn();
        REQUIRE(stage.run_until([&] { return stage.only_one().unusable == 2; }));
        CHECK_FALSE(looker.feed().showing());
        stage.maker.fail_with({});
        stage.turn();
        REQUIRE(stage.shows(looker.feed(), 3));
        CHECK(logged.count("camera bed: a picture cannot be made") == 1);
        CHECK(logged.count("it is torn") == 1);
        CHECK(stage.only_one().frames == 1);
    }

    TEST_CASE("a camera that fails shows its card in every recipe, and comes back") {
        VariantStage stage;
        const Looker looker(stage.view(half()));
        stage.turn();
        REQUIRE(stage.shows(looker.feed(), 1));
        stage.fails = true;
        stage.turns.release();
        REQUIRE(stage.run_until(
            [&] { return looker.feed().showing() && looker.feed().showing()->is_card(); }));
        CHECK(looker.feed().showing()->width() == stage.camera.feed().showing()->width() / 2);
        CHECK_FALSE(looker.feed().condition().live);
        REQUIRE(looker.feed().condition().fault);
        CHECK(looker.feed().condition().fault->words == "the cable is out");
        stage.fails = false;
        stage.turn();
        REQUIRE(stage.run_until([&] { return !looker.feed().showing()->is_card(); }));
        CHECK(looker.feed().condition().live);
        CHECK_FALSE(looker.feed().condition().fault);
        CHECK(looker.feed().picture()->number() == 2);
    }

    TEST_CASE("a card that cannot be made is shown as it is") {
        VariantStage stage;
        stage.maker.fail_with([] { return media::VariantMaker::Unusable{"no luck"}; });
        const Looker looker(stage.view(half()));
        stage.turn();
        stage.fails = true;
        stage.turns.release();
        REQUIRE(stage.run_until(
            [&] { return looker.feed().showing() && looker.feed().showing()->is_card(); }));
        CHECK(looker.feed().showing() == stage.camera.feed().showing());
    }

    TEST_CASE("a camera that closes for good takes hope away") {
        VariantStage stage;
        const Looker looker(stage.view(half()));
        const Looker paced(stage.view(half(), 5));
        stage.camera.close();
        CHECK(looker.feed().condition().hopeless);
        CHECK(paced.feed().condition().hopeless);
    }

    TEST_CASE("a wished width becomes a size with the first picture, and shares from then on") {
        VariantStage stage;
        const Looker looker(stage.view(fitting(30)));
        CHECK(stage.only_one().recipe == fitting(30));
        CHECK(stage.view(fitting(30)).feed == &looker.feed());
        stage.turn();
        REQUIRE(stage.shows(looker.feed(), 1));
        CHECK(stage.only_one().recipe == half());
        CHECK(stage.view(half()).feed == &looker.feed());
        CHECK(stage.view(fitting(29)).feed == &looker.feed());
        CHECK(stage.view(fitting(64)).feed == &stage.camera.feed());
    }

    TEST_CASE("a camera that changes its size changes what is made of it") {
        VariantStage stage;
        const Looker wished(stage.view(fitting(32)));
        const Looker quarter(stage.view([] {
            media::Recipe recipe;
            recipe.eighths = 2;
            return recipe;
        }()));
        stage.turn();
        REQUIRE(stage.shows(wished.feed(), 1));
        REQUIRE(stage.shows(quarter.feed(), 1));
        CHECK(wished.feed().showing()->width() == 32);
        CHECK(quarter.feed().showing()->width() == 16);
        stage.width = 128;
        stage.turn();
        REQUIRE(stage.shows(wished.feed(), 2));
        REQUIRE(stage.shows(quarter.feed(), 2));
        CHECK(wished.feed().showing()->width() == 32);
        CHECK(quarter.feed().showing()->width() == 32);
        // No larger than the source, and then the source itself.
        stage.width = 32;
        stage.turn();
        REQUIRE(stage.shows(wished.feed(), 3));
        CHECK(wished.feed().showing() == stage.camera.feed().showing());
        stage.width = 64;
        stage.turn();
        REQUIRE(stage.shows(wished.feed(), 4));
        CHECK(wished.feed().showing()->width() == 32);
    }

    TEST_CASE("whoever comes next does not see what the last one saw") {
        VariantStage stage({.most = 16, .workers = 1, .idle_after = 1h}, 0ms);
        const View view = stage.view(half());
        std::optional<Looker> looker(view);
        stage.turn();
        REQUIRE(stage.shows(*view.feed, 1));
        looker.reset();
        CHECK_FALSE(view.feed->showing());
        REQUIRE(stage.run_until([&] { return stage.closed(); }));
        looker.emplace(view);
        CHECK_FALSE(view.feed->showing());
        CHECK_FALSE(view.feed->condition().live);
        stage.turn();
        CHECK(stage.shows(*view.feed, 2));
    }

    TEST_CASE("whoever comes while the camera is open is shown its present picture") {
        VariantStage stage;
        const camera::Viewing plain(stage.camera.feed(), {});
        stage.turn();
        const Looker looker(stage.view(half()));
        CHECK(stage.shows(looker.feed(), 1));
    }

    TEST_CASE("it looks with the longest chain of relays that looks at it") {
        VariantStage stage;
        const View view = stage.view(half());
        const Looker direct(view);
        CHECK(vias(stage.camera.feed()) == std::vector<std::string>{""});
        std::optional<Looker> far(std::in_place, view, "1.1 onlooker-a, 1.1 onlooker-b");
        const Looker near(view, "1.1 onlooker-c");
        CHECK(vias(stage.camera.feed()) ==
              std::vector<std::string>{"1.1 onlooker-a, 1.1 onlooker-b"});
        far.reset();
        CHECK(vias(stage.camera.feed()) == std::vector<std::string>{"1.1 onlooker-c"});
        stage.camera.feed().for_each_viewing(
            [](const camera::Viewing& viewing) { CHECK(viewing.description().format.empty()); });
    }

    TEST_CASE("the same frame once more is not made again") {
        VariantStage stage;
        const Looker looker(stage.view(half()));
        stage.turn();
        REQUIRE(stage.shows(looker.feed(), 1));
        const auto edition = looker.feed().edition();
        stage.camera.feed().publish(stage.camera.feed().showing());
        stage.turn();
        REQUIRE(stage.shows(looker.feed(), 2));
        CHECK(stage.maker.begun().size() == 2);
        CHECK(looker.feed().edition() == edition + 1);
    }
}
