#include "variants/workshop.hpp"

#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <future>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/running_clock.hpp"
#include "fake_maker.hpp"
#include "support/emulated.hpp"
#include "support/few_threads.hpp"
#include "support/resources.hpp"
#include "support/sanitized.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;
using Making = test::FakeMaker::Making;

namespace {

struct Desk final : Workshop::Receiver {
    Desk(Workshop& workshop, unsigned quality)
        : order(std::make_shared<const Workshop::Order>(
              Workshop::Order{.recipe = test::recipe_of_quality(quality),
                              .title = "Bed",
                              .encoder = {},
                              .decodes = std::make_shared<media::SharedDecodes>()})),
          mailbox(std::in_place, workshop, *this) {}

    void on_made(Workshop::Made one) override { made.push_back(std::move(one)); }

    void put(std::uint64_t number) {
        mailbox->put(
            order, test::small_frame({.number = number, .width = 16, .height = 16, .stamps = {}}));
    }
    std::vector<std::uint64_t> numbers() const {
        std::vector<std::uint64_t> all;
        all.reserve(made.size());
        for (const Workshop::Made& one : made)
            all.push_back(std::get<media::FramePtr>(one.result)->number());
        return all;
    }
    std::string why() const {
        const auto* unusable = std::get_if<media::VariantMaker::Unusable>(&made.back().result);
        return unusable ? unusable->why : "it is usable";
    }

    Workshop::OrderPtr order;
    std::vector<Workshop::Made> made;
    std::optional<Workshop::Mailbox> mailbox;
};

struct Stage : test::TestLoop {
    explicit Stage(unsigned workers = 1, std::chrono::milliseconds ends_idle_after = 1h)
        : workshop(
              loop.get_executor(),
              {.workers = workers, .ends_idle_after = ends_idle_after, .maker = maker.factory()}) {}
    ~Stage() { maker.let_all_go(); }

    bool run_until_made(const Desk& desk, std::size_t count) {
        return run_until([&] { return desk.made.size() >= count; });
    }
    bool run_until_made_of(const Desk& desk, std::uint64_t number) {
        return run_until(
            [&] { return !desk.made.empty() && desk.made.back().source->number() == number; });
    }
    bool closed_within(std::chrono::milliseconds time) {
        std::optional<bool> closed;
        asio::co_spawn(loop, workshop.wait_closed(RunningClock::now() + time),
                       [&](std::exception_ptr, bool answer) { closed = answer; });
        run_until([&] { return closed.has_value(); });
        return closed.value_or(false);
    }

    test::FakeMaker maker;
    Workshop workshop;
};

}  // namespace

TEST_SUITE("workshop") {
    TEST_CASE("a newer frame overtakes the one that waits, and that is counted") {
        Stage stage;
        Desk desk(stage.workshop, 10);
        stage.maker.hold();
        desk.put(1);
        REQUIRE(stage.maker.wait_begun(1));
        for (const std::uint64_t number : {2U, 3U, 4U})
            desk.put(number);
        stage.maker.let_go();
        REQUIRE(stage.run_until_made(desk, 1));
        stage.maker.let_go();
        REQUIRE(stage.run_until_made(desk, 2));
        CHECK(desk.numbers() == std::vector<std::uint64_t>{1, 4});
        CHECK(desk.made.back().overtaken == 2);
        CHECK(desk.made.back().source->number() == 4);
        CHECK(stage.maker.begun().size() == 2);
    }

    TEST_CASE("what the loop has not fetched is overtaken, too") {
        Stage stage;
        Desk desk(stage.workshop, 10);
        for (const std::uint64_t number : {1U, 2U, 3U}) {
            desk.put(number);
            // With that the one before it is finished.
            REQUIRE(stage.maker.wait_begun(static_cast<std::size_t>(number)));
        }
        REQUIRE(stage.run_until_made_of(desk, 3));
        CHECK(desk.made.size() + desk.made.back().overtaken == 3);
    }

    TEST_CASE("a slow recipe delays a fast one by one picture") {
        Stage stage;
        Desk slow(stage.workshop, 10);
        Desk fast(stage.workshop, 90);
        stage.maker.hold();
        slow.put(1);
        REQUIRE(stage.maker.wait_begun(1));
        // The slow one is full again before the other one is.
        slow.put(2);
        fast.put(2);
        stage.maker.let_go(1);
        REQUIRE(stage.maker.wait_begun(2));
        slow.put(3);
        fast.put(3);
        stage.maker.let_all_go();
        REQUIRE(stage.run_until_made_of(fast, 3));
        REQUIRE(stage.run_until_made_of(slow, 3));
        const std::vector<Making> expected{{10, 1}, {90, 2}, {10, 3}, {90, 3}};
        CHECK(stage.maker.begun() == expected);
    }

    TEST_CASE("two workers serve two recipes at a time, and one recipe in its order") {
        Stage stage(2);
        Desk one(stage.workshop, 10);
        Desk other(stage.workshop, 90);
        stage.maker.hold();
        one.put(1);
        REQUIRE(stage.maker.wait_begun(1));
        one.put(2);
        CHECK(stage.workshop.workers() == 1);
        other.put(2);
        REQUIRE(stage.maker.wait_begun(2));
        CHECK(stage.workshop.workers() == 2);
        const std::vector<Making> expected{{10, 1}, {90, 2}};
        CHECK(stage.maker.begun() == expected);
        stage.maker.let_all_go();
        REQUIRE(stage.run_until_made_of(one, 2));
    }

    TEST_CASE("there is no worker before the first frame, nor a while after the last one") {
        Stage stage(4, 30ms);
        Desk desk(stage.workshop, 10);
        CHECK(stage.workshop.workers() == 0);
        for (std::uint64_t number = 1; number <= 5; ++number) {
            desk.put(number);
            REQUIRE(stage.run_until_made(desk, static_cast<std::size_t>(number)));
            CHECK(stage.workshop.workers() == 1);
        }
        CHECK(stage.run_until([&] { return stage.workshop.workers() == 0; }));
        desk.put(6);
        CHECK(stage.run_until_made(desk, 6));
    }

    TEST_CASE("a worker gives way to the loop") {
        Stage stage;
        const int ours = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
        std::atomic<int> its = -100;
        stage.maker.fail_with([&its]() -> Workshop::Result {
            its = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));
            return media::VariantMaker::Unusable{};
        });
        Desk desk(stage.workshop, 10);
        desk.put(1);
        REQUIRE(stage.run_until_made(desk, 1));
        CHECK(its == std::min(ours + 5, 19));
        CHECK(::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())) == ours);
    }

    TEST_CASE("what a maker throws is the reason why there is no picture") {
        Stage stage;
        Desk desk(stage.workshop, 10);
        stage.maker.fail_with([]() -> Workshop::Result { throw std::runtime_error("torn apart"); });
        desk.put(1);
        REQUIRE(stage.run_until_made(desk, 1));
        CHECK(desk.why() == "torn apart");
        stage.maker.fail_with([]() -> Workshop::Result { throw std::bad_alloc(); });
        desk.put(2);
        REQUIRE(stage.run_until_made(desk, 2));
        CHECK(desk.why() == "no memory left");
        stage.maker.fail_with({});
        desk.put(3);
        REQUIRE(stage.run_until_made(desk, 3));
        CHECK(desk.made.back().source->number() == 3);
    }

    TEST_CASE("whoever goes while his picture is being made hears nothing of it") {
        Stage stage;
        Desk desk(stage.workshop, 10);
        Desk other(stage.workshop, 90);
        stage.maker.hold();
        desk.put(1);
        other.put(1);
        REQUIRE(stage.maker.wait_begun(1));
        desk.mailbox.reset();
        stage.maker.let_all_go();
        REQUIRE(stage.run_until_made(other, 1));
        CHECK(desk.made.empty());
    }

    TEST_CASE("what was taken back is not made") {
        Stage stage;
        Desk desk(stage.workshop, 10);
        Desk other(stage.workshop, 90);
        stage.maker.hold();
        other.put(1);
        REQUIRE(stage.maker.wait_begun(1));
        desk.put(1);
        desk.mailbox->clear();
        stage.maker.let_all_go();
        desk.put(2);
        REQUIRE(stage.run_until_made(desk, 1));
        CHECK(desk.numbers() == std::vector<std::uint64_t>{2});
        CHECK(desk.made.back().overtaken == 0);
    }

    TEST_CASE("closing waits for the picture that is being made, as long as it may") {
        Stage stage;
        Desk desk(stage.workshop, 10);
        Desk other(stage.workshop, 90);
        stage.maker.hold();
        desk.put(1);
        other.put(1);
        REQUIRE(stage.maker.wait_begun(1));
        stage.workshop.close();
        CHECK_FALSE(stage.closed_within(20ms));
        stage.maker.let_all_go();
        CHECK(stage.closed_within(5s));
        CHECK(stage.maker.begun().size() == 1);
        desk.put(2);
        CHECK(stage.workshop.workers() == 0);
    }

    TEST_CASE("nobody is left behind a workshop that goes while a picture is being made") {
        test::contract::leaves_nothing_behind(100, [] {
            test::FakeMaker maker;
            maker.hold();
            std::future<void> helper;
            {
                test::TestLoop stage;
                Workshop workshop(stage.loop.get_executor(),
                                  {.workers = 2, .maker = maker.factory()});
                Desk desk(workshop, 10);
                desk.put(1);
                REQUIRE(maker.wait_begun(1));
                desk.put(2);
                helper = std::async(std::launch::async, [&maker] { maker.let_all_go(); });
            }
            helper.get();
        });
    }

#if !ONLOOKER_SANITIZED
    TEST_CASE("without a thread there is an error in words, and the next frame tries again" *
              doctest::skip(test::is_emulated())) {
        Stage stage;
        Desk desk(stage.workshop, 10);
        std::string told = "nothing";
        try {
            const test::FewThreads none(test::FewThreads::Room::none);
            desk.put(1);
        } catch (const Workshop::NoWorker& error) {
            told = error.what();
        }
        CHECK(told.starts_with("none of 1 threads for it can be started"));
        desk.put(2);
        REQUIRE(stage.run_until_made(desk, 1));
        CHECK(desk.numbers() == std::vector<std::uint64_t>{2});
    }
#endif
}
