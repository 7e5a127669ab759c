// How a viewer's feed goes from step to step: no frame backward, none missing.
#include "variants/auto_feed.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "camera/feed.hpp"
#include "support/test_loop.hpp"

using namespace onlooker;
using namespace onlooker::variants;
using namespace std::chrono_literals;

namespace {

constexpr unsigned full_width = 1280;

media::FramePtr frame(std::uint64_t number, unsigned eighths, bool is_card = false) {
    static const std::vector<std::byte> octets(100'000);
    const auto picture =
        std::span<const std::byte>(octets).first(octets.size() * eighths * eighths / 64);
    return media::Frame::make({.number = number,
                               .width = full_width * eighths / 8,
                               .height = 720 * eighths / 8,
                               .stamps = {},
                               .is_card = is_card},
                              std::span(&picture, 1));
}

// A camera and what is made of it, by hand; and a viewer whose link is told by hand.
class Scene : public test::TestLoop {
  public:
    explicit Scene(media::Recipe wish = {}) {
        auto made = AutoFeed::make(loop.get_executor(), camera(),
                                   {.recipe = std::move(wish), .via = "relay", .feed = {}},
                                   [this](const media::Recipe& recipe) { return open(recipe); });
        auto_feed = std::get<std::shared_ptr<AutoFeed>>(std::move(made));
        viewing.emplace(auto_feed->feed(), camera::Viewing::Description{});
        start(look(), [](const std::exception_ptr&) {});
    }
    ~Scene() {
        ended_ = true;
        interrupt_.raise();
        viewing.reset();
        auto_feed.reset();
        for (const auto& [eighths, feed] : feeds_)
            CHECK(feed->viewers() == 0);
    }

    camera::Feed& feed(unsigned eighths) {
        auto& feed = feeds_[eighths];
        if (!feed) {
            feed = std::make_unique<camera::Feed>(loop.get_executor(), "bed",
                                                  camera::Feed::Settings{}, [] {});
            feed->set_condition({.live = true, .fault = {}});
        }
        return *feed;
    }
    camera::Feed& camera() { return feed(8); }
    void camera_shows(std::uint64_t number, bool is_card = false) {
        camera().publish(frame(number, 8, is_card));
    }
    void variant_shows(unsigned eighths, std::uint64_t number, bool is_card = false) {
        feed(eighths).publish(frame(number, eighths, is_card));
    }

    // Looks at a link that is full with `rate` octets a second, while 30 frames a second come of
    // which the viewer is sent none, until the rule has asked for another step.
    void link_carries(double rate) {
        const std::size_t opened = asked.size();
        for (int i = 0; i < 20 && asked.size() == opened; ++i) {
            now_ += 300ms;
            path_.acknowledged += static_cast<std::uint64_t>(rate * 0.3);
            path_.busy += 300ms;
            path_.min_rtt = 100us;
            for (int frames = 0; frames < 9; ++frames)
                camera_shows(++number);
            auto_feed->look(path_, now_);
            loop.restart();
            loop.poll();
        }
    }

    std::vector<media::Recipe> asked;
    bool is_full = false;
    std::uint64_t number = 100;
    std::shared_ptr<AutoFeed> auto_feed;
    std::optional<camera::Viewing> viewing;
    std::vector<std::pair<std::uint64_t, unsigned>> seen;  // number, eighths
    std::size_t cards = 0;

  private:
    std::variant<View, Variants::Full> open(const media::Recipe& recipe) {
        asked.push_back(recipe);
        if (is_full && recipe.eighths < 8)
            return Variants::Full{"16 recipes are made already"};
        return View{.feed = &feed(recipe.eighths), .keep = nullptr};
    }

    Task look() {
        std::uint64_t edition = 0;
        while (!ended_) {
            camera::Feed& feed = auto_feed->feed();
            if (!co_await feed.newer(edition, interrupt_))
                continue;
            edition = feed.edition();
            if (feed.showing()->is_card())
                ++cards;
            else
                seen.emplace_back(feed.showing()->number(),
                                  feed.showing()->width() * 8 / full_width);
        }
    }

    std::map<unsigned, std::unique_ptr<camera::Feed>> feeds_;
    camera::Feed::Interrupt interrupt_;
    bool ended_ = false;
    AutoSize::Path path_;
    SteadyTime now_ = SteadyTime() + 1h;
};

using Seen = std::vector<std::pair<std::uint64_t, unsigned>>;

}  // namespace

TEST_SUITE("auto feed") {
    TEST_CASE("it shows the camera's own frames while the link carries them") {
        Scene scene;
        const media::FramePtr first = frame(1, 8);
        scene.camera().publish(first);
        CHECK(scene.auto_feed->feed().showing() == first);
        scene.camera_shows(2);
        CHECK(scene.seen == Seen{{1, 8}, {2, 8}});
        CHECK(scene.auto_feed->feed().condition().live);
        CHECK(scene.asked.size() == 1);
    }

    TEST_CASE("a link that carries less is given a smaller step, and no frame is missing") {
        Scene scene;
        scene.link_carries(1'000'000);
        REQUIRE(scene.asked.size() == 2);
        const unsigned step = scene.asked.back().eighths;
        CHECK(step < 8);
        scene.seen.clear();
        const std::uint64_t at = scene.number;
        // The camera goes on being shown until the variant is under way.
        scene.camera_shows(at + 1);
        CHECK(scene.seen == Seen{{at + 1, 8}});
        scene.variant_shows(step, at + 1);
        CHECK(scene.seen.size() == 1);  // that one was shown
        scene.camera_shows(at + 2);
        CHECK(scene.seen.size() == 1);  // left to the variant, which has it in a moment
        scene.variant_shows(step, at + 2);
        scene.camera_shows(at + 3);
        scene.variant_shows(step, at + 3);
        CHECK(scene.seen == Seen{{at + 1, 8}, {at + 2, step}, {at + 3, step}});
        CHECK(scene.camera().viewers() == 0);
        CHECK(scene.auto_feed->told()->eighths == step);
        CHECK(scene.auto_feed->told()->width == full_width * step / 8);
    }

    TEST_CASE("a variant that lags is waited for, and one that ceases is not") {
        Scene scene;
        scene.link_carries(1'000'000);
        const unsigned step = scene.asked.back().eighths;
        scene.seen.clear();
        const std::uint64_t at = scene.number;
        scene.camera_shows(at + 1);
        scene.camera_shows(at + 2);
        scene.variant_shows(step, at + 1);
        scene.camera_shows(at + 3);
        CHECK(scene.seen.size() == 2);
        for (std::uint64_t i = 4; i <= 8; ++i)
            scene.camera_shows(at + i);
        CHECK(scene.seen.back() == std::pair<std::uint64_t, unsigned>(at + 8, 8));
        scene.variant_shows(step, at + 9);
        CHECK(scene.seen.back() == std::pair<std::uint64_t, unsigned>(at + 9, step));
    }

    TEST_CASE("an old picture or card of a variant is not shown") {
        Scene scene;
        for (const unsigned eighths : {6U, 4U, 3U, 2U})
            scene.variant_shows(eighths, 3, eighths != 4);
        scene.link_carries(1'000'000);
        REQUIRE(scene.asked.size() == 2);
        CHECK(scene.cards == 0);
        for (const auto& [number, eighths] : scene.seen)
            CHECK(eighths == 8);
    }

    TEST_CASE("a card is shown at once, of the step that shows it and of the one to come") {
        Scene scene;
        scene.link_carries(1'000'000);
        const unsigned step = scene.asked.back().eighths;
        scene.variant_shows(step, scene.number - 1);
        scene.camera_shows(scene.number + 1, true);
        CHECK(scene.cards == 1);
        scene.variant_shows(step, scene.number + 1, true);
        CHECK(scene.cards == 2);
        CHECK(scene.auto_feed->told()->eighths == step);
    }

    TEST_CASE("where no recipe is left it stays, and tells why") {
        Scene scene;
        scene.is_full = true;
        scene.camera_shows(1);
        scene.link_carries(1'000'000);
        REQUIRE(scene.asked.size() == 2);
        CHECK(scene.auto_feed->told()->eighths == 8);
        CHECK(why(*scene.auto_feed->told()).find("; 16 recipes are made already") !=
              std::string::npos);
        scene.seen.clear();
        scene.camera_shows(scene.number + 1);
        CHECK(scene.seen.size() == 1);
    }

    TEST_CASE("steps keep what the viewer wants beside the size") {
        media::Recipe wish;
        wish.turn = media::Turn::right;
        wish.grey = true;
        wish.crop = {.x = 320, .y = 180, .width = 640, .height = 360};
        Scene scene(wish);
        scene.link_carries(1'000'000);
        REQUIRE(scene.asked.size() == 2);
        CHECK(scene.asked.front() == wish);
        wish.eighths = scene.asked.back().eighths;
        CHECK(scene.asked.back() == wish);
    }

    TEST_CASE("none is larger than the viewer wants") {
        media::Recipe half;
        half.eighths = 4;
        Scene scene(half);
        for (unsigned i = 1; i < 10; ++i)
            scene.variant_shows(4, i);
        scene.link_carries(1'000);
        REQUIRE(scene.asked.size() >= 1);
        for (const media::Recipe& recipe : scene.asked)
            CHECK(recipe.eighths <= 4);
    }

    TEST_CASE("the same frame once more is passed on as little as a camera's is counted") {
        Scene scene;
        const media::FramePtr first = frame(1, 8);
        scene.camera().publish(first);
        scene.camera().publish(first);
        CHECK(scene.seen == Seen{{1, 8}});
    }

    TEST_CASE("words for people") {
        camera::AutoStep step;
        CHECK(scale_of(step) == "1");
        CHECK(why(step) == "not measured yet");
        step = {.eighths = 4, .capacity = 1'012'500, .octets = 38'000, .refusal = {}};
        CHECK(scale_of(step) == "1/2");
        CHECK(why(step) == "8.1 Mbit/s carry 27 frames/s of 38 KB");
        step.larger_octets = 67'500;
        CHECK(why(step) == "8.1 Mbit/s carry 27 frames/s of 38 KB, and 15 of the next larger");
        step.is_burst = true;
        CHECK(why(step) ==
              "bursts of 8.1 Mbit/s carry 27 frames/s of 38 KB, and 15 of the next larger");
        step = {.capacity = 1e9, .octets = 38'000, .all_arrive = true, .refusal = {}};
        CHECK(why(step) == "all frames arrive");
    }
}
