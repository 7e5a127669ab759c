#include "media/variant_maker.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "media/jpeg_encoder.hpp"
#include "media/jpeg_quality.hpp"
#include "media/jpeg_segments.hpp"
#include "media/orientation.hpp"
#include "unit/media/coded_scene.hpp"

using namespace onlooker::media;

namespace {

struct Bench {
    FramePtr make(const FramePtr& frame, const Recipe& recipe) {
        auto made = maker.make({.frame = frame, .title = "Bed", .encoder = {}}, recipe, decodes);
        if (const auto* unusable = std::get_if<VariantMaker::Unusable>(&made)) {
            why = unusable->why;
            return nullptr;
        }
        return std::get<FramePtr>(made);
    }

    VariantMaker maker;
    SharedDecodes decodes;
    std::string why;
};

constexpr std::array<PictureSize, 6> sizes{
    {{64, 48}, {33, 17}, {1, 1}, {17, 1}, {1, 33}, {1280, 2}}};

Lay lay_number(unsigned number) {
    return lay_of(number);
}

}  // namespace

TEST_SUITE("variant maker") {
    TEST_CASE("every way to lay a picture, in every sampling and size, is that of its pixels") {
        Bench bench;
        for (const int sampling : samplings)
            for (const PictureSize size : sizes)
                for (unsigned number = 2; number <= 8; ++number) {
                    CAPTURE(sampling);
                    CAPTURE(size.width);
                    CAPTURE(number);
                    const Jpeg jpeg = encoded(scene(size.width, size.height), sampling);
                    Recipe recipe;
                    recipe.turn = lay_number(number).turn;
                    recipe.mirror = lay_number(number).mirror;
                    recipe.quality = 95;
                    const FramePtr made =
                        bench.make(frame_of(jpeg, size.width, size.height), recipe);
                    REQUIRE(made);
                    CHECK(psnr(decoded(made->jpeg()),
                               laid_pixels(decoded(jpeg), lay_number(number))) >= 40);
                }
    }

    TEST_CASE("a part is that of the pixels, wherever it begins, and however it is laid then") {
        Bench bench;
        for (const int sampling : samplings)
            for (const Recipe::Crop part :
                 {Recipe::Crop{16, 16, 32, 16}, Recipe::Crop{7, 5, 21, 13},
                  Recipe::Crop{8, 3, 1, 9}, Recipe::Crop{63, 47, 1, 1}})
                for (const unsigned number : {1U, 4U, 6U}) {
                    CAPTURE(sampling);
                    CAPTURE(part.x);
                    CAPTURE(number);
                    const Jpeg jpeg = encoded(scene(64, 48), sampling);
                    Recipe recipe;
                    recipe.crop = part;
                    recipe.turn = lay_number(number).turn;
                    recipe.mirror = lay_number(number).mirror;
                    recipe.quality = 95;
                    const FramePtr made = bench.make(frame_of(jpeg, 64, 48), recipe);
                    REQUIRE(made);
                    CHECK(psnr(decoded(made->jpeg()), laid_pixels(part_of(decoded(jpeg), part),
                                                                  lay_number(number))) >= 40);
                }
    }

    TEST_CASE("a source that says how it lies is made upright, and says so no more") {
        Bench bench;
        const Jpeg plain = encoded(scene(64, 48), TJSAMP_420);
        for (unsigned number = 2; number <= 8; ++number) {
            CAPTURE(number);
            Jpeg jpeg = plain;
            const auto segment = orientation_segment(number);
            jpeg.insert(jpeg.begin() + 2, segment.begin(), segment.end());
            const FramePtr frame = frame_of(jpeg, 64, 48);
            const Pixels upright = laid_pixels(decoded(plain), lay_number(number));
            CHECK(upright_size(*frame) == PictureSize{upright.width, upright.height});
            Recipe recipe;
            recipe.crop = {.x = 4, .y = 6, .width = 30, .height = 21};
            recipe.quality = 95;
            const FramePtr made = bench.make(frame, recipe);
            REQUIRE(made);
            CHECK(stated_segment(made->jpeg()).empty());
            CHECK(psnr(decoded(made->jpeg()), part_of(upright, recipe.crop)) >= 40);
        }
    }

    TEST_CASE("each size is the eighths of the source, rounded up, and shows the same") {
        Bench bench;
        for (const PictureSize size : {PictureSize{1280, 720}, PictureSize{323, 241}}) {
            const Jpeg jpeg = encoded(scene(size.width, size.height), TJSAMP_420);
            for (unsigned eighths = 1; eighths < 8; ++eighths) {
                CAPTURE(eighths);
                Recipe recipe;
                recipe.eighths = eighths;
                recipe.quality = 95;
                const FramePtr made = bench.make(frame_of(jpeg, size.width, size.height), recipe);
                REQUIRE(made);
                CHECK(made->width() == (size.width * eighths + 7) / 8);
                CHECK(made->height() == (size.height * eighths + 7) / 8);
                const Pixels small = decoded(made->jpeg());
                CHECK(small.width == made->width());
                CHECK(psnr(small, scene(small.width, small.height)) >= 35);
            }
        }
    }

    TEST_CASE("without loss means without loss: laid twice it is what it was") {
        Bench bench;
        for (const int sampling : samplings) {
            const Jpeg jpeg = encoded(scene(64, 32), sampling, 70);
            for (const unsigned number : {2U, 3U, 4U, 5U, 7U}) {  // those that take themselves back
                // Transposed, one sample for four in a row is one for four in a column, for which
                // TurboJPEG has no name.
                if (sampling == TJSAMP_411 && lay_number(number).swaps_sides())
                    continue;
                CAPTURE(number);
                CAPTURE(sampling);
                Recipe recipe;
                recipe.turn = lay_number(number).turn;
                recipe.mirror = lay_number(number).mirror;
                recipe.lossless = true;
                const FramePtr once = bench.make(frame_of(jpeg, 64, 32), recipe);
                REQUIRE(once);
                const FramePtr twice = bench.make(once, recipe);
                REQUIRE(twice);
                CHECK(decoded(twice->jpeg()) == decoded(jpeg));
                CHECK(psnr(decoded(once->jpeg()), laid_pixels(decoded(jpeg), lay_number(number))) >=
                      40);
            }
        }
        CHECK(bench.decodes.decodes() == 0);
    }

    TEST_CASE("without loss a part begins at a block, and an edge that fills none goes") {
        Bench bench;
        const Jpeg jpeg = encoded(scene(70, 50), TJSAMP_420);
        Recipe recipe;
        recipe.lossless = true;
        recipe.crop = {.x = 20, .y = 17, .width = 30, .height = 20};
        const FramePtr part = bench.make(frame_of(jpeg, 70, 50), recipe);
        REQUIRE(part);
        CHECK(decoded(part->jpeg()).width == 34);
        CHECK(part->height() == 21);
        CHECK(psnr(decoded(part->jpeg()), part_of(decoded(jpeg), {16, 16, 34, 21})) > 45);
        recipe.crop = {};
        recipe.mirror = true;
        const FramePtr mirrored = bench.make(frame_of(jpeg, 70, 50), recipe);
        REQUIRE(mirrored);
        CHECK(mirrored->width() == 64);
        CHECK(mirrored->height() == 50);
    }

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

    TEST_CASE("a progressive picture is a picture like others") {
        Bench bench;
        const Jpeg jpeg = encoded(scene(64, 48), TJSAMP_420, 95, TJFLAG_PROGRESSIVE);
        Recipe recipe;
        recipe.turn = Turn::left;
        recipe.quality = 90;
        const FramePtr made = bench.make(frame_of(jpeg, 64, 48), recipe);
        REQUIRE(made);
        CHECK(psnr(decoded(made->jpeg()), laid_pixels(decoded(jpeg), {Turn::left, false})) >= 40);
    }

    TEST_CASE("what is grey is not made grey") {
        Bench bench;
        const FramePtr frame = frame_of(encoded(scene(64, 48), TJSAMP_GRAY), 64, 48);
        Recipe recipe;
        recipe.grey = true;
        CHECK(bench.make(frame, recipe) == frame);
    }

    TEST_CASE("a grey picture without loss has the size that its frame tells") {
        // 4:2:0 is moved in blocks of 16 pixels, its luma alone in blocks of 8.
        Bench bench;
        Recipe recipe;
        recipe.grey = recipe.mirror = recipe.lossless = true;
        const FramePtr made =
            bench.make(frame_of(encoded(scene(72, 48), TJSAMP_420), 72, 48), recipe);
        REQUIRE(made);
        CHECK(made->width() == 72);
        CHECK(decoded(made->jpeg()).width == 72);
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
