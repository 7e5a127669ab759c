// What people see of a variant: its pixels are those of the source, laid, cut and scaled one by
// one.
#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <array>
#include <string>

#include "media/jpeg_segments.hpp"
#include "media/orientation.hpp"
#include "media/variant_maker.hpp"
#include "unit/media/coded_scene.hpp"
#include "unit/media/variant_bench.hpp"

using namespace onlooker::media;

namespace {

constexpr std::array<PictureSize, 6> sizes{
    {{64, 48}, {33, 17}, {1, 1}, {17, 1}, {1, 33}, {1280, 2}}};

}  // namespace

TEST_SUITE("variant pixels") {
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
                    recipe.turn = lay_of(number).turn;
                    recipe.mirror = lay_of(number).mirror;
                    recipe.quality = 95;
                    const FramePtr made =
                        bench.make(frame_of(jpeg, size.width, size.height), recipe);
                    REQUIRE(made);
                    CHECK(psnr(decoded(made->jpeg()), laid_pixels(decoded(jpeg), lay_of(number))) >=
                          40);
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
                    recipe.turn = lay_of(number).turn;
                    recipe.mirror = lay_of(number).mirror;
                    recipe.quality = 95;
                    const FramePtr made = bench.make(frame_of(jpeg, 64, 48), recipe);
                    REQUIRE(made);
                    CHECK(psnr(decoded(made->jpeg()),
                               laid_pixels(part_of(decoded(jpeg), part), lay_of(number))) >= 40);
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
            const Pixels upright = laid_pixels(decoded(plain), lay_of(number));
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
                if (sampling == TJSAMP_411 && lay_of(number).swaps_sides())
                    continue;
                CAPTURE(number);
                CAPTURE(sampling);
                Recipe recipe;
                recipe.turn = lay_of(number).turn;
                recipe.mirror = lay_of(number).mirror;
                recipe.lossless = true;
                const FramePtr once = bench.make(frame_of(jpeg, 64, 32), recipe);
                REQUIRE(once);
                const FramePtr twice = bench.make(once, recipe);
                REQUIRE(twice);
                CHECK(decoded(twice->jpeg()) == decoded(jpeg));
                CHECK(psnr(decoded(once->jpeg()), laid_pixels(decoded(jpeg), lay_of(number))) >=
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

    TEST_CASE("a side that is too long to be scaled is told, and its other sizes are made") {
        Bench bench;
        for (const PictureSize size : {PictureSize{8, 33'000}, PictureSize{33'000, 8}}) {
            CAPTURE(size.width);
            const FramePtr frame = frame_of(encoded(scene(size.width, size.height), TJSAMP_420),
                                            size.width, size.height);
            Recipe recipe;
            recipe.eighths = 7;
            CHECK_FALSE(bench.make(frame, recipe));
            CHECK(bench.why.find("32767") != std::string::npos);
            // What it is decoded to has not to be scaled, and a part of it is short enough.
            recipe.eighths = 4;
            const FramePtr half =
                bench.make(frame_of(Jpeg(frame->jpeg().begin(), frame->jpeg().end()), size.width,
                                    size.height, 2),
                           recipe);
            REQUIRE(half);
            CHECK(psnr(decoded(half->jpeg()), scene(half->width(), half->height())) >= 25);
            recipe.eighths = 7;
            recipe.crop = {.x = 0, .y = 0, .width = 8, .height = 8};
            CHECK(bench.make(frame, recipe));
        }
    }
}
