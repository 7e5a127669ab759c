#include "media/shared_decodes.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <barrier>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "unit/media/coded_scene.hpp"

using namespace onlooker::media;

TEST_SUITE("shared decodes") {
    TEST_CASE("workers that come to a frame at the same time are given one decode of it") {
        constexpr int workers = 4;
        constexpr std::uint64_t frames = 20;
        SharedDecodes decodes;
        decodes.add({.eighths = 8});
        const Jpeg jpeg = encoded(scene(320, 240), TJSAMP_420);
        std::vector<std::vector<PlanesPtr>> given(workers);
        std::vector<FramePtr> shown;
        for (std::uint64_t number = 1; number <= frames; ++number)
            shown.push_back(frame_of(jpeg, 320, 240, number));
        std::barrier together(workers);
        std::vector<std::jthread> threads;
        for (std::size_t worker = 0; worker < workers; ++worker)
            threads.emplace_back([&, worker] {
                for (const FramePtr& frame : shown) {
                    together.arrive_and_wait();
                    given[worker].push_back(decodes.get(frame, {.eighths = 8}).planes);
                }
            });
        threads.clear();
        CHECK(decodes.decodes() == frames);
        for (std::size_t frame = 0; frame < frames; ++frame)
            for (const auto& planes : given) {
                REQUIRE(planes[frame]);
                CHECK(planes[frame] == given[0][frame]);
            }
    }

    TEST_CASE("a decode is as large as the largest that is needed, and no larger") {
        SharedDecodes decodes;
        const Jpeg jpeg = encoded(scene(320, 240), TJSAMP_420);
        decodes.add({.eighths = 4, .colour = false});
        decodes.add({.eighths = 2});
        const auto both = decodes.get(frame_of(jpeg, 320, 240), {.eighths = 2}).planes;
        REQUIRE(both);
        CHECK(both->width == 160);
        CHECK(both->grid == ChromaGrid::s420);
        decodes.remove({.eighths = 4, .colour = false});
        const auto small = decodes.get(frame_of(jpeg, 320, 240, 2), {.eighths = 2}).planes;
        REQUIRE(small);
        CHECK(small->width == 80);
        CHECK(decodes.decodes() == 2);
    }

    TEST_CASE("where nobody needs colour it is not decoded; who comes later with a wish has it") {
        SharedDecodes decodes;
        decodes.add({.eighths = 4, .colour = false});
        const FramePtr frame = frame_of(encoded(scene(320, 240), TJSAMP_420), 320, 240);
        const auto luma = decodes.get(frame, {.eighths = 4, .colour = false}).planes;
        REQUIRE(luma);
        CHECK(luma->grid == ChromaGrid::grey);
        const auto colour = decodes.get(frame, {.eighths = 4}).planes;
        REQUIRE(colour);
        CHECK(colour->grid == ChromaGrid::s420);
        CHECK(decodes.get(frame, {.eighths = 4, .colour = false}).planes == colour);
        CHECK(decodes.decodes() == 2);
    }

    TEST_CASE("what fails is tried once, and told to each who asks") {
        SharedDecodes decodes;
        decodes.add({});
        Jpeg jpeg = encoded(scene(320, 240), TJSAMP_420);
        jpeg.erase(jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2), jpeg.end() - 2);
        const FramePtr frame = frame_of(jpeg, 320, 240);
        for (int i = 0; i < 3; ++i) {
            const auto result = decodes.get(frame, {});
            CHECK_FALSE(result.planes);
            CHECK_FALSE(result.error.empty());
        }
        CHECK(decodes.decodes() == 1);
    }

    TEST_CASE("a source that rests keeps nothing, and what was given stays good") {
        SharedDecodes decodes;
        decodes.add({});
        FramePtr frame = frame_of(encoded(scene(320, 240), TJSAMP_420), 320, 240);
        const std::weak_ptr<const Frame> watched = frame;
        const auto before = decodes.get(frame, {}).planes;
        decodes.remove({});
        CHECK(before.use_count() == 1);
        CHECK(before->planes[0].samples.size() == 320 * 240);
        CHECK(decodes.get(frame, {}).planes != before);
        CHECK(decodes.decodes() == 2);
        frame.reset();
        CHECK(watched.expired());
    }

    TEST_CASE("what is being decoded when the source goes to rest is not kept either") {
        // Whoever asks may have gone meanwhile, and then nobody would come to clear it away.
        SharedDecodes decodes;
        FramePtr frame = frame_of(encoded(scene(320, 240), TJSAMP_420), 320, 240);
        const std::weak_ptr<const Frame> watched = frame;
        std::weak_ptr<const Planes> planes = decodes.get(frame, {}).planes;
        CHECK(planes.expired());
        frame.reset();
        CHECK(watched.expired());
    }
}
