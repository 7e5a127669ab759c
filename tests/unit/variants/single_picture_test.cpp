// One picture of a frame, for a snapshot.
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <variant>

#include "camera/viewing.hpp"
#include "stage.hpp"
#include "support/logged.hpp"
#include "variants/single_pictures.hpp"
#include "variants/variants.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;
using test::Looker;
using test::recipe_of_quality;
using test::VariantStage;
using Answer = std::optional<Variants::Picture>;

namespace {

struct Open : VariantStage {
    Open() { turn(); }

    media::FramePtr frame() { return camera.feed().picture(); }

    camera::Viewing viewing{camera.feed(), {}};
};

media::FramePtr frame_of(const Answer& answer) {
    REQUIRE(answer);
    REQUIRE(std::holds_alternative<media::FramePtr>(*answer));
    return std::get<media::FramePtr>(*answer);
}

// One for each number, all different in their canonical form.
media::Recipe another(std::size_t number) {
    media::Recipe recipe = recipe_of_quality(static_cast<unsigned>(5 + number % 19 * 5));
    recipe.mirror = number >= 19;
    return recipe;
}

}  // namespace

TEST_SUITE("single pictures") {
    TEST_CASE("it is made once, and no recipe comes for it") {
        Open stage;
        const Answer& answer = stage.picture(stage.frame(), recipe_of_quality(10));
        REQUIRE(stage.run_until([&] { return answer.has_value(); }));
        CHECK(frame_of(answer)->number() == 1);
        CHECK(stage.made() == 0);
    }

    TEST_CASE("a plain one is the frame itself") {
        Open stage;
        CHECK(frame_of(stage.picture(stage.frame(), {})) == stage.frame());
        CHECK(stage.maker.begun().empty());
    }

    TEST_CASE("those who ask for the same share it, also a moment later") {
        Open stage;
        stage.maker.hold();
        const Answer& one = stage.picture(stage.frame(), recipe_of_quality(10));
        const Answer& other = stage.picture(stage.frame(), recipe_of_quality(10));
        const Answer& another = stage.picture(stage.frame(), recipe_of_quality(20));
        stage.maker.let_all_go();
        REQUIRE(stage.run_until([&] { return one && other && another; }));
        CHECK(frame_of(one) == frame_of(other));
        CHECK(frame_of(one) != frame_of(another));
        CHECK(frame_of(stage.picture(stage.frame(), recipe_of_quality(10))) == frame_of(one));
        CHECK(stage.maker.begun().size() == 2);
        stage.turn();
        const Answer& newer = stage.picture(stage.frame(), recipe_of_quality(10));
        REQUIRE(stage.run_until([&] { return newer.has_value(); }));
        CHECK(frame_of(newer)->number() == 2);
    }

    TEST_CASE("what a variant has just made of that frame is given") {
        Open stage;
        const Looker looker(stage.view(recipe_of_quality(10)));
        REQUIRE(stage.shows(looker.feed(), 1));
        CHECK(frame_of(stage.picture(stage.frame(), recipe_of_quality(10))) ==
              looker.feed().showing());
        CHECK(stage.maker.begun().size() == 1);
    }

    TEST_CASE("one that cannot be made says why, and so does the log") {
        test::Logged logged;
        Open stage;
        stage.maker.fail_with([] { return media::VariantMaker::Unusable{"it is torn"}; });
        const Answer& answer = stage.picture(stage.frame(), recipe_of_quality(10));
        REQUIRE(stage.run_until([&] { return answer.has_value(); }));
        REQUIRE(std::holds_alternative<Variants::Unusable>(*answer));
        CHECK(std::get<Variants::Unusable>(*answer).why == "it is torn");
        CHECK(logged.count("it is torn") == 1);
    }

    TEST_CASE("only so many may wait") {
        Open stage;
        stage.maker.hold();
        for (unsigned i = 0; i < SinglePictures::most_waiting; ++i)
            CHECK_FALSE(stage.picture(stage.frame(), another(i)));
        const Answer& full = stage.picture(stage.frame(), another(SinglePictures::most_waiting));
        REQUIRE(full);
        CHECK(std::holds_alternative<Variants::Full>(*full));
        // Whoever shares one does not wait for another.
        const Answer& shared = stage.picture(stage.frame(), another(0));
        CHECK_FALSE(shared);
        stage.maker.let_all_go();
        REQUIRE(stage.run_until([&] { return stage.answers.front() && shared; }));
        REQUIRE(stage.run_until(
            [&] { return stage.maker.begun().size() == SinglePictures::most_waiting; }));
        const Answer& next = stage.picture(stage.frame(), another(SinglePictures::most_waiting));
        CHECK(stage.run_until([&] { return next.has_value(); }));
    }

    TEST_CASE("nobody waits any longer when the server ends") {
        Open stage;
        stage.maker.hold();
        const Answer& answer = stage.picture(stage.frame(), recipe_of_quality(10));
        CHECK_FALSE(answer);
        stage.variants->close();
        REQUIRE(stage.run_until([&] { return answer.has_value(); }));
        CHECK(std::holds_alternative<Variants::Full>(*answer));
        const Answer& late = stage.picture(stage.frame(), recipe_of_quality(20));
        CHECK(late.has_value());
    }

    TEST_CASE("whoever waits may go, and the others are given theirs") {
        Open stage;
        stage.maker.hold();
        asio::cancellation_signal leaves;
        bool has_left = false;
        asio::co_spawn(stage.loop,
                       stage.variants->picture(stage.camera, stage.frame(), recipe_of_quality(10)),
                       asio::bind_cancellation_slot(
                           leaves.slot(),
                           [&](const std::exception_ptr&, Variants::Picture) { has_left = true; }));
        stage.loop.poll();
        const Answer& answer = stage.picture(stage.frame(), recipe_of_quality(10));
        leaves.emit(asio::cancellation_type::terminal);
        REQUIRE(stage.run_until([&] { return has_left; }));
        CHECK_FALSE(answer);
        stage.maker.let_all_go();
        REQUIRE(stage.run_until([&] { return answer.has_value(); }));
        CHECK(frame_of(answer)->number() == 1);
        CHECK(stage.maker.begun().size() == 1);
    }
}
