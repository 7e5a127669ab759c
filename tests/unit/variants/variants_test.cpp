// Variants of a camera that is turned by hand: who shares what, and how long it lasts.
#include "variants/variants.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "camera/viewing.hpp"
#include "stage.hpp"
#include "support/logged.hpp"
#include "support/resources.hpp"
#include "support/sanitized.hpp"
#include "support/scarce_memory.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;
using test::half;
using test::Looker;
using test::recipe_of_quality;
using test::VariantStage;

namespace {

constexpr Variants::Settings short_lived{.most = 16, .workers = 1, .idle_after = 0ms};

}  // namespace

TEST_SUITE("variants") {
    TEST_CASE("a plain recipe is the camera's own feed") {
        VariantStage stage;
        const View view = stage.view({});
        CHECK(view.feed == &stage.camera.feed());
        CHECK_FALSE(view.keep);
        CHECK(stage.made() == 0);
    }

    TEST_CASE("a hundred viewers of one recipe are one making for each frame") {
        VariantStage stage;
        std::list<Looker> lookers;
        for (int i = 0; i < 100; ++i)
            lookers.emplace_back(stage.view(half()));
        camera::Feed& feed = lookers.front().feed();
        CHECK(feed.viewers() == 100);
        CHECK(stage.camera.feed().viewers() == 1);
        for (std::uint64_t number = 1; number <= 5; ++number) {
            stage.turn();
            REQUIRE(stage.shows(feed, number));
            CHECK(feed.showing()->width() == 32);
            CHECK(feed.condition().live);
        }
        CHECK(stage.maker.begun().size() == 5);
        const Variants::Made made = stage.only_one();
        CHECK(made.frames == 5);
        CHECK(made.overtaken == 0);
        CHECK(made.unusable == 0);
        CHECK(&made.feed == &feed);
        CHECK(made.recipe == half());
        CHECK(stage.loop.poll() == 0);
        lookers.clear();
        CHECK(stage.camera.feed().viewers() == 0);
        CHECK(stage.camera.state() == camera::Supervision::State::lingering);
    }

    TEST_CASE("frames that come faster than they are made are overtaken, and counted") {
        VariantStage stage;
        const Looker looker(stage.view(half()));
        stage.maker.hold();
        stage.turn();
        REQUIRE(stage.maker.wait_begun(1));
        for (int i = 0; i < 3; ++i)
            stage.turn();
        stage.maker.let_all_go();
        REQUIRE(stage.shows(looker.feed(), 4));
        // Those that waited, and the first one if the loop had not fetched it.
        CHECK(stage.only_one().overtaken >= 2);
        CHECK(stage.only_one().frames + stage.only_one().overtaken == 4);
    }

    TEST_CASE("a recipe stays for the idle time when its last viewer has gone, and no longer") {
        VariantStage stage({.most = 16, .workers = 1, .idle_after = 40ms});
        std::optional<Looker> looker(stage.view(half()));
        const camera::Feed* const feed = &looker->feed();
        looker.reset();
        stage.loop.poll();
        CHECK(stage.made() == 1);
        looker.emplace(stage.view(half()));
        CHECK(&looker->feed() == feed);
        looker.reset();
        CHECK(stage.run_until([&] { return stage.made() == 0; }));
    }

    TEST_CASE("one that was asked for and not looked at leaves nothing behind") {
        VariantStage stage;
        stage.view(half());
        CHECK(stage.made() == 0);
        stage.view(half(), 10);
        CHECK(stage.run_until([&] { return stage.made() == 0; }));
        CHECK(stage.camera.state() == camera::Supervision::State::idle);
    }

    TEST_CASE("the one that nobody has looked at for longest makes room, if there is one") {
        VariantStage stage({.most = 2, .workers = 1, .idle_after = 1h});
        std::optional<Looker> first(stage.view(recipe_of_quality(10)));
        std::optional<Looker> second(stage.view(recipe_of_quality(20)));
        const auto answer = stage.variants->view(stage.camera, recipe_of_quality(30), 0);
        REQUIRE(std::holds_alternative<Variants::Full>(answer));
        const std::string& words = std::get<Variants::Full>(answer).words;
        CHECK(words.find("--max-variants 2") != words.npos);
        CHECK(stage.made() == 2);

        second.reset();
        first.reset();
        const Looker third(stage.view(recipe_of_quality(30)));
        CHECK(stage.made() == 2);
        first.emplace(stage.view(recipe_of_quality(10)));
        CHECK(stage.made() == 2);
        CHECK(stage.is_full(recipe_of_quality(20)));
        stage.turn();
        CHECK(stage.shows(third.feed(), 1));
        CHECK(stage.shows(first->feed(), 1));
        // The camera's own pictures are no recipe.
        CHECK_FALSE(stage.is_full({}));
    }

    TEST_CASE("with none allowed there are the camera's own pictures") {
        VariantStage stage({.most = 0, .workers = 1, .idle_after = 1h});
        CHECK(stage.is_full(half()));
        CHECK(stage.view({}).feed == &stage.camera.feed());
        const Looker paced(stage.view({}, 5));
        stage.turn();
        CHECK(stage.shows(paced.feed(), 1));
    }

    TEST_CASE("fewer frames of the same are one feed for all that ask for the rate") {
        // So rare that none but the first comes while this runs.
        constexpr double rate = 0.1;
        VariantStage stage;
        const Looker looker(stage.view({}, rate));
        const Looker other(stage.view({}, rate + 0.001));
        const Looker of_variant(stage.view(half(), rate));
        CHECK(&looker.feed() == &other.feed());
        CHECK(&looker.feed() != &of_variant.feed());
        CHECK(stage.view({}, 2 * rate).feed != &looker.feed());
        CHECK(stage.camera.feed().viewers() == 2);
        stage.turn();
        REQUIRE(stage.shows(looker.feed(), 1));
        REQUIRE(stage.shows(of_variant.feed(), 1));
        CHECK(of_variant.feed().showing()->width() == 32);
        std::vector<double> rates;
        stage.variants->for_each(
            stage.camera, [&rates](const Variants::Made& made) { rates.push_back(made.rate); });
        CHECK(rates == std::vector<double>{0, rate, rate});
        // Far too soon for the next one.
        stage.turn();
        CHECK(looker.feed().showing()->number() == 1);
    }

    TEST_CASE("a variant goes, and everything with it, while its picture is being made") {
        VariantStage stage(short_lived);
        {
            const Looker looker(stage.view(half()));
            const Looker paced(stage.view(half(), 5));
            stage.maker.hold();
            stage.turn();
            REQUIRE(stage.maker.wait_begun(1));
        }
        REQUIRE(stage.run_until([&] { return stage.made() == 0; }));
        const Looker again(stage.view(half()));
        stage.maker.let_all_go();
        stage.turn();
        CHECK(stage.shows(again.feed(), 2));
    }

    TEST_CASE("recipes that come and go a thousand times leave nothing behind") {
        VariantStage stage({.most = 16, .workers = 2, .idle_after = 0ms});
        const camera::Viewing plain(stage.camera.feed(), {});
        stage.turn();
        const std::size_t without_workers = test::contract::running_threads();
        const auto come_and_go = [&stage, without_workers](int times) {
            for (int i = 0; i < times; ++i) {
                {
                    const Looker looker(stage.view(half()));
                    const Looker paced(stage.view(recipe_of_quality(10), 5));
                    REQUIRE(stage.run_until(
                        [&] { return looker.feed().showing() && paced.feed().showing(); }));
                }
                REQUIRE(stage.run_until([&] { return stage.made() == 0; }));
            }
            // The workers end with the idle time.
            REQUIRE(stage.run_until([without_workers] {
                return test::contract::running_threads() == without_workers;
            }));
            stage.loop.poll();
        };
        come_and_go(20);
        const test::contract::Resources before;
        come_and_go(1'000);
        const test::contract::Resources after;
        CHECK(after.descriptors == before.descriptors);
        CHECK(threads_left(before, after) == before.threads);
        CHECK(after.octets <= before.octets + 100'000);
        CHECK(stage.camera.feed().viewers() == 1);
    }

#if !ONLOOKER_SANITIZED
    TEST_CASE("whoever comes while memory is short sees something once there is some") {
        for (int missing = 1; missing <= 12; ++missing) {
            CAPTURE(missing);
            const test::Logged logged;
            VariantStage stage(short_lived);
            const camera::Viewing plain(stage.camera.feed(), {});
            stage.turn();
            std::optional<Looker> looker;
            test::fail_allocations(missing);
            while (!looker) {
                try {
                    looker.emplace(std::get<View>(stage.variants->view(stage.camera, half(), 0)));
                } catch (const std::bad_alloc&) {
                    continue;
                }
            }
            test::fail_allocations(0);
            CHECK(stage.shows(looker->feed(), 1));
            CHECK(stage.made() == 1);
        }
    }
#endif

    TEST_CASE("the end waits for nobody who looks, and makes nothing more") {
        VariantStage stage;
        std::optional<Looker> looker(stage.view(half()));
        stage.turn();
        REQUIRE(stage.shows(looker->feed(), 1));
        stage.variants->close();
        CHECK(stage.is_full(half()));
        std::optional<bool> closed;
        asio::co_spawn(stage.loop, stage.variants->wait_closed(RunningClock::now() + 5s),
                       [&](std::exception_ptr, bool answer) { closed = answer; });
        REQUIRE(stage.run_until([&] { return closed.has_value(); }));
        CHECK(*closed);
        stage.turn();
        CHECK(stage.maker.begun().size() == 1);
        looker.reset();
        CHECK(stage.made() == 0);
    }
}
