// The rule of `auto=1`, on links that are worked out millisecond by millisecond.
#include "variants/auto_size.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <utility>
#include <vector>

#include "base/clock.hpp"

using namespace std::chrono_literals;
using onlooker::SteadyClock;
using onlooker::SteadyTime;
using onlooker::variants::AutoSize;

namespace {

constexpr double megabit = 1e6 / 8;

// One viewer behind a link, whose frames are chosen when the link is about to be free.
class Scene {
  public:
    struct Change {
        SteadyTime when;
        AutoSize::Step step;
    };

    explicit Scene(double rate, std::chrono::milliseconds round_trip = 1ms, double min_fps = 0)
        : link_rate(rate), round_trip_(round_trip), size_(min_fps) {}

    // For the test to change under way.
    double link_rate;  // octets per second
    double source_rate = 30;
    double full_octets = 100'000;
    bool source_runs = true;
    bool viewer_reads = true;
    bool has_variants = true;
    double burst = 0;          // octets that go at once after a rest, as a token bucket lets them
    bool link_is_ours = true;  // what waits for it is not sent yet, and no part of a round trip
    // Of each step, in terms of the largest.
    std::array<double, 5> share{1, 0.62, 0.34, 0.22, 0.12};

    void run(SteadyClock::duration time) {
        for (const SteadyTime end = now_ + time; now_ < end; now_ += 1ms)
            tick();
    }

    AutoSize::Step step() const { return size_.step(); }
    const std::vector<Change>& changes() const { return changes_; }
    // Since the last call.
    double fps() {
        const double seconds = std::chrono::duration<double>(now_ - counted_from_).count();
        counted_from_ = now_;
        return static_cast<double>(std::exchange(counted_, 0)) / seconds;
    }
    std::size_t changes_within(SteadyClock::duration time) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            changes_, [&](const Change& change) { return change.when > now_ - time; }));
    }
    const AutoSize& size() const { return size_; }

  private:
    void tick() {
        ++ticks_;
        if (source_runs && now_ >= next_frame_) {
            next_frame_ += std::chrono::duration_cast<SteadyClock::duration>(
                std::chrono::duration<double>(1 / source_rate));
            next_frame_ = std::max(next_frame_, now_);
            make_frame();
        }
        const double goes = viewer_reads ? std::min(queue_, link_rate / 1000) : 0;
        queue_ -= goes;
        returning_.push_back(goes);
        if (returning_.size() > static_cast<std::size_t>(round_trip_.count())) {
            acknowledged_ += returning_.front();
            under_way_ -= returning_.front();
            returning_.pop_front();
        }
        if (under_way_ > 0.5)
            path_.busy += 1ms;
        if (under_way_ > 0.5 && !viewer_reads)
            path_.stopped += 1ms;
        if (queue_ <= 3 * link_rate / 1000 && frames_.sent_number < frames_.number)
            send();
        else if (queue_ > 0 && ticks_ % 10 == 0)
            look();  // while it waits
    }

    void make_frame() {
        ++frames_.number;
        const double now_octets = full_octets * share[size_.step()] * spread_(random_);
        octets_ = static_cast<std::size_t>(now_octets);
        size_.showed(octets_);
    }

    void send() {
        const bool late = frames_.number - frames_.sent_number > 1;
        in_time_ = late ? 0 : in_time_ + 1;
        if (in_time_ < 30 || in_time_ % 32 == 0)
            look();
        frames_.sent_number = frames_.number;
        ++frames_.sent;
        ++counted_;
        const auto octets = static_cast<double>(octets_);
        const double at_once = queue_ <= 0 ? std::min(burst, octets) : 0;
        returning_.back() += at_once;
        queue_ += octets - at_once;
        under_way_ += octets;
        const double last = link_is_ours ? 0.001 : octets / link_rate;
        path_.rtt = round_trip_ + std::chrono::microseconds(static_cast<long>(last * 0.7 * 1e6));
    }

    void look() {
        path_.acknowledged = static_cast<std::uint64_t>(acknowledged_);
        path_.min_rtt = round_trip_;
        const auto next = size_.look(
            path_, {.shown = frames_.number, .sent = frames_.sent, .rate = source_rate}, now_);
        if (!next)
            return;
        if (!has_variants)
            return size_.refused(now_);
        changes_.push_back({now_, *next});
        size_.moved(*next, now_);
    }

    SteadyTime now_ = SteadyTime() + 1h;
    SteadyTime next_frame_ = now_;
    std::chrono::milliseconds round_trip_;
    AutoSize size_;
    AutoSize::Path path_;
    struct {
        std::uint64_t number = 0, sent_number = 0, sent = 0;
    } frames_;
    std::size_t octets_ = 0;
    double queue_ = 0, under_way_ = 0, acknowledged_ = 0;
    std::deque<double> returning_;
    unsigned in_time_ = 0;
    std::uint64_t ticks_ = 0;
    std::uint64_t counted_ = 0;
    SteadyTime counted_from_ = now_;
    std::vector<Change> changes_;
    std::minstd_rand random_;
    std::uniform_real_distribution<> spread_{0.75, 1.25};
};

}  // namespace

TEST_SUITE("auto size") {
    TEST_CASE("a link that carries everything is given full size, and stays so") {
        Scene scene(100 * megabit);
        scene.run(10min);
        CHECK(scene.changes().empty());
        CHECK(scene.fps() > 29);
    }

    TEST_CASE("over 8 Mbit/s nearly all frames arrive after three seconds, and it does not hunt") {
        Scene scene(8 * megabit);
        scene.run(3s);
        scene.fps();
        scene.run(10min);
        CHECK(scene.fps() >= 25);
        CHECK(scene.step() > 0);
        CHECK(scene.changes_within(10min) <= 1);
    }

    TEST_CASE("over 2 and 1 Mbit/s as many arrive as the smallest picture allows") {
        Scene two(2 * megabit);
        two.run(3s);
        two.fps();
        two.run(2min);
        CHECK(two.fps() >= 15);
        CHECK(two.changes_within(2min) <= 1);
        Scene one(1 * megabit);
        one.run(4s);
        one.fps();
        one.run(2min);
        CHECK(one.fps() >= 9.5);
        CHECK(one.changes_within(2min) == 0);
    }

    TEST_CASE("a link that lets bursts through is not tried in vain") {
        Scene scene(8 * megabit);
        scene.burst = 10'000;
        scene.share = {1, 0.51, 0.27, 0.18, 0.1};
        scene.run(3s);
        scene.fps();
        scene.run(10min);
        CHECK(scene.fps() >= 25);
        CHECK(scene.changes_within(10min) <= 1);
    }

    TEST_CASE("a link that is free again has full size within ten seconds") {
        for (const auto round_trip : {1ms, 20ms, 80ms}) {
            CAPTURE(round_trip.count());
            Scene scene(1 * megabit, round_trip);
            scene.link_is_ours = false;
            scene.run(30s);
            REQUIRE(scene.step() == 4);
            scene.link_rate = 1000 * megabit;
            scene.run(10s);
            CHECK(scene.step() == 0);
        }
    }

    TEST_CASE("a link that changes is followed both ways") {
        Scene scene(8 * megabit);
        scene.run(20s);
        const AutoSize::Step before = scene.step();
        scene.link_rate = 2 * megabit;
        scene.run(3s);
        CHECK(scene.step() == 4);
        scene.fps();
        scene.run(20s);
        CHECK(scene.fps() >= 15);
        scene.link_rate = 8 * megabit;
        scene.run(10s);
        CHECK(scene.step() <= 3);
        CHECK(scene.step() >= before);
        CHECK(scene.changes().size() <= 5);
    }

    TEST_CASE("what small frames say of a link is believed for the next step alone") {
        Scene scene(1 * megabit);
        scene.run(30s);
        REQUIRE(scene.step() == 4);
        const std::size_t before = scene.changes().size();
        scene.link_rate = 1000 * megabit;
        scene.run(10s);
        std::vector<AutoSize::Step> steps;
        for (std::size_t i = before; i < scene.changes().size(); ++i)
            steps.push_back(scene.changes()[i].step);
        CHECK(steps == std::vector<AutoSize::Step>{3, 2, 1, 0});
    }

    TEST_CASE("a long path has the size that it carries, and is seldom tried") {
        Scene scene(18 * megabit, 80ms);
        scene.link_is_ours = false;
        scene.run(5s);
        CHECK(scene.step() == 1);
        scene.fps();
        scene.run(30min);
        CHECK(scene.fps() >= 25);
        CHECK(scene.changes_within(30min) <= 12);
    }

    TEST_CASE("after a step up that failed the wait doubles") {
        Scene scene(18 * megabit, 80ms);
        scene.link_is_ours = false;
        scene.run(20min);
        std::vector<SteadyTime> tried;
        for (const Scene::Change& change : scene.changes())
            if (change.step == 0)
                tried.push_back(change.when);
        REQUIRE(tried.size() >= 3);
        CHECK(tried[1] - tried[0] > 115s);
        CHECK(tried[2] - tried[1] > 235s);
    }

    TEST_CASE("a size that had to be left has failed, before any trial of it") {
        Scene scene(18 * megabit, 80ms);
        scene.link_is_ours = false;
        scene.run(115s);
        CHECK(scene.step() == 1);
        CHECK(std::ranges::none_of(scene.changes(),
                                   [](const Scene::Change& change) { return change.step == 0; }));
    }

    TEST_CASE("on a steady link there is one change a minute at most, whatever it carries") {
        for (const auto round_trip : {1ms, 20ms, 80ms, 200ms})
            for (double rate = 1; rate < 40; rate *= 1.15) {
                CAPTURE(round_trip.count());
                CAPTURE(rate);
                Scene scene(rate * megabit, round_trip);
                scene.link_is_ours = false;
                scene.run(2min);
                CHECK(scene.changes().size() <= 6);  // while it finds out
                scene.run(10min);
                CHECK(scene.changes_within(10min) <= 8);
            }
    }

    TEST_CASE("a larger size that lasted says nothing of the one that failed above it") {
        Scene scene(18 * megabit, 80ms);
        scene.link_is_ours = false;
        scene.run(10s);
        REQUIRE(scene.step() == 1);
        // For a moment it carries less, and then what it carried before.
        scene.link_rate = 4 * megabit;
        scene.run(3s);
        scene.link_rate = 18 * megabit;
        scene.run(90s);
        CHECK(scene.step() == 1);
        CHECK(std::ranges::none_of(scene.changes(),
                                   [](const Scene::Change& change) { return change.step == 0; }));
    }

    TEST_CASE("a sender that pauses to measure the path, as BBR does, is no reason to change") {
        for (auto offset = 0ms; offset < 1s; offset += 50ms) {
            CAPTURE(offset.count());
            Scene scene(30 * megabit, 80ms);
            scene.run(5s + offset);
            for (int i = 0; i < 6; ++i) {
                scene.run(10s);
                const double rate = std::exchange(scene.link_rate, 0.05 * megabit);
                scene.run(200ms);
                scene.link_rate = rate;
            }
            CHECK(scene.changes().empty());
        }
    }

    TEST_CASE("min_fps prefers larger pictures as long as so many arrive") {
        Scene scene(8 * megabit, 1ms, 12);
        scene.run(5s);
        CHECK(scene.step() == 1);
        scene.fps();
        scene.run(1min);
        CHECK(scene.fps() >= 12);
    }

    TEST_CASE("min_fps is kept over 1 Mbit/s, by as large pictures as allow it") {
        AutoSize::Step without = 0;
        for (const double min_fps : {0., 8., 5., 2.}) {
            CAPTURE(min_fps);
            Scene scene(1 * megabit, 1ms, min_fps);
            scene.run(10s);
            scene.fps();
            scene.run(2min);
            CHECK(scene.fps() >= min_fps);
            CHECK(scene.changes_within(2min) <= 2);
            if (min_fps == 0)
                without = scene.step();
            CHECK(scene.step() <= without);
        }
    }

    TEST_CASE("fewer frames a second, as with fps=8, are larger ones on the same link") {
        Scene scene(8 * megabit);
        scene.source_rate = 8;
        scene.run(2min);
        CHECK(scene.step() == 0);
        CHECK(scene.changes().empty());
    }

    TEST_CASE("a slow camera on a slow link is no reason for a smaller picture") {
        Scene scene(8 * megabit);
        scene.source_rate = 5;
        scene.run(5min);
        CHECK(scene.changes().empty());
    }

    TEST_CASE("a camera that stops for a while is none") {
        Scene scene(40 * megabit, 80ms);
        for (int i = 0; i < 20; ++i) {
            scene.source_runs = true;
            scene.run(3s);
            scene.source_runs = false;
            scene.run(2s);
        }
        CHECK(scene.changes().empty());
    }

    TEST_CASE("a viewer's program that stops for a while is none") {
        Scene scene(100 * megabit);
        for (int i = 0; i < 10; ++i) {
            scene.viewer_reads = true;
            scene.run(5s);
            scene.viewer_reads = false;
            scene.run(3s);
        }
        CHECK(scene.changes().empty());
    }

    TEST_CASE("pictures that become larger are followed") {
        Scene scene(32 * megabit);
        scene.run(10s);
        CHECK(scene.step() == 0);
        scene.full_octets = 300'000;
        scene.run(4s);
        CHECK(scene.step() >= 1);
        CHECK(scene.step() <= 2);
        scene.full_octets = 100'000;
        scene.run(10s);
        CHECK(scene.step() == 0);
    }

    TEST_CASE("a step that cannot be had is asked for again only after a while") {
        Scene scene(8 * megabit);
        scene.has_variants = false;
        scene.run(10s);
        CHECK(scene.step() == 0);
        scene.has_variants = true;
        scene.run(20s);
        CHECK(scene.step() > 0);
    }

    TEST_CASE("what is known is there to be told") {
        Scene scene(8 * megabit);
        scene.run(10s);
        CHECK(scene.size().capacity() == doctest::Approx(8 * megabit).epsilon(0.1));
        CHECK(!scene.size().capacity_is_of_burst());
        CHECK(scene.size().octets(0) == doctest::Approx(100'000).epsilon(0.2));
        CHECK(scene.size().all_arrive());
    }

    TEST_CASE("of bursts, what the full link carried is told") {
        Scene scene(8 * megabit);
        scene.burst = 10'000;
        scene.share = {1, 0.51, 0.27, 0.18, 0.1};
        scene.run(30s);
        CHECK(scene.size().all_arrive());
        CHECK(scene.size().capacity() == doctest::Approx(8 * megabit).epsilon(0.15));
        Scene free(100 * megabit);
        free.run(30s);
        CHECK(free.size().capacity_is_of_burst());
    }
}
