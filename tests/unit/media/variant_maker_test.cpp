#include "media/variant_maker.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "media/jpeg_encoder.hpp"
#include "media/jpeg_quality.hpp"
#include "media/jpeg_segments.hpp"
#include "media/orientation.hpp"
#include "unit/media/coded_scene.hpp"
#include "unit/media/variant_bench.hpp"

using namespace onlooker::media;

TEST_SUITE("variant maker") {
    TEST_CASE("grey has no colour, by coefficients and by pixels") {
        Bench bench;
        const Jpeg jpeg = encoded(scene(64, 48), TJSAMP_420);
        for (const unsigned quality : {0U, 90U}) {
            Recipe recipe;
            recipe.grey = true;
            recipe.quality = quality;
            const FramePtr made = bench.make(frame_of(jpeg, 64, 48), recipe);
            REQUIRE(made);
            const Pixels pixels = decoded(made->jpeg());
            for (std::size_t i = 0; i < pixels.rgb.size(); i += 3)
                REQUIRE((pixels.rgb[i] == pixels.rgb[i + 1] && pixels.rgb[i] == pixels.rgb[i + 2]));
        }
    }

    TEST_CASE("one decode serves all recipes of a frame") {
        Bench bench;
        const Jpeg jpeg = encoded(scene(640, 480), TJSAMP_420);
        std::vector<Recipe> recipes(3);
        recipes[0].eighths = 2;
        recipes[1].eighths = 4;
        recipes[2].eighths = 3;
        for (const Recipe& recipe : recipes)
            bench.decodes.add(*VariantMaker::need_of(recipe));
        for (std::uint64_t number = 1; number <= 5; ++number) {
            const FramePtr frame = frame_of(jpeg, 640, 480, number);
            for (const Recipe& recipe : recipes)
                CHECK(bench.make(frame, recipe));
        }
        CHECK(bench.decodes.decodes() == 5);
    }

    TEST_CASE("planes that the camera kept are not decoded again") {
        Bench bench;
        const Jpeg jpeg = encoded(scene(64, 48), TJSAMP_420);
        Frame::Description description;
        description.width = 64;
        description.height = 48;
        description.planes = bench.decodes.get(frame_of(jpeg, 64, 48), {}).planes;
        const std::span<const std::byte> octets = jpeg;
        Recipe recipe;
        recipe.eighths = 4;
        const FramePtr made = bench.make(Frame::make(description, std::span(&octets, 1)), recipe);
        REQUIRE(made);
        CHECK(made->width() == 32);
        CHECK(bench.decodes.decodes() == 1);  // that above
    }

    TEST_CASE("what the source is already is the source itself") {
        Bench bench;
        const FramePtr frame = frame_of(encoded(scene(64, 48), TJSAMP_420, 60), 64, 48);
        CHECK(bench.make(frame, {}) == frame);
        Recipe recipe;
        recipe.quality = 80;
        CHECK(bench.make(frame, recipe) == frame);
        recipe.quality = 40;
        CHECK(bench.make(frame, recipe) != frame);
        recipe = {};
        recipe.fit_width = 2000;
        CHECK(bench.make(frame, recipe) == frame);
    }

    TEST_CASE(
        "without a quality of its own a variant has that of the camera, or of a worse source") {
        Bench bench;
        for (const int quality : {40, 98}) {
            CAPTURE(quality);
            const Jpeg jpeg = encoded(scene(64, 48), TJSAMP_420, quality);
            Recipe recipe;
            recipe.turn = Turn::right;
            const FramePtr made = bench.make(frame_of(jpeg, 64, 48), recipe);
            REQUIRE(made);
            const int usual = JpegEncoder::Settings{}.quality;
            CHECK(std::abs(static_cast<int>(estimated_quality(made->jpeg())) -
                           std::min(quality, usual)) <= 1);
        }
    }

    TEST_CASE("a turn for a browser changes the head alone") {
        Bench bench;
        Jpeg jpeg = encoded(scene(64, 48), TJSAMP_420);
        Recipe recipe;
        recipe.turn = Turn::right;
        recipe.by_exif = true;
        const FramePtr made = bench.make(frame_of(jpeg, 64, 48), recipe);
        REQUIRE(made);
        CHECK(made->jpeg().size() == jpeg.size() + 36);
        CHECK(stated_lay(made->jpeg()) == Lay{Turn::right, false});
        CHECK(made->width() == 48);
        // On top of one that the source says itself.
        const auto segment = orientation_segment(6);
        jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
        const FramePtr again = bench.make(frame_of(jpeg, 64, 48), recipe);
        REQUIRE(again);
        CHECK(again->jpeg().size() == jpeg.size());
        CHECK(stated_lay(again->jpeg()) == Lay{Turn::half, false});
    }

    TEST_CASE("a card is made smaller and nothing else") {
        Bench bench;
        const FramePtr card = frame_of(encoded(scene(64, 48), TJSAMP_420), 64, 48, 1, true);
        Recipe recipe;
        recipe.turn = Turn::right;
        recipe.grey = true;
        CHECK(bench.make(card, recipe) == card);
        recipe.eighths = 4;
        const FramePtr made = bench.make(card, recipe);
        REQUIRE(made);
        CHECK(made->is_card());
        CHECK(made->width() == 32);
        CHECK(made->height() == 24);
    }

    TEST_CASE("what cannot be decoded is told in words") {
        Bench bench;
        Jpeg jpeg = encoded(scene(640, 480), TJSAMP_420);
        // Half of the scan is missing, and what is left ends as it should.
        jpeg.erase(jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2), jpeg.end() - 2);
        Recipe recipe;
        recipe.eighths = 4;
        CHECK_FALSE(bench.make(frame_of(jpeg, 640, 480), recipe));
        CHECK(bench.why.find("cannot be decoded") != std::string::npos);
    }

    TEST_CASE("what is grey is not made grey") {
        Bench bench;
        const FramePtr frame = frame_of(encoded(scene(64, 48), TJSAMP_GRAY), 64, 48);
        Recipe recipe;
        recipe.grey = true;
        CHECK(bench.make(frame, recipe) == frame);
    }

    TEST_CASE("its part says how large it is, and what was done to it") {
        Bench bench;
        Recipe recipe;
        recipe.eighths = 4;
        const FramePtr made =
            bench.make(frame_of(encoded(scene(64, 48), TJSAMP_420), 64, 48), recipe);
        REQUIRE(made);
        const auto part = made->part();
        const std::string text(reinterpret_cast<const char*>(part.data()), 250);
        CHECK(
            text.find("\r\nX-Width: 32\r\nX-Height: 24\r\nX-Variant: scale=1/2\r\n\r\n\xff\xd8") !=
            std::string::npos);
    }
}
