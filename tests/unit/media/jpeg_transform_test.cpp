#include "media/jpeg_transform.hpp"

#include <doctest/doctest.h>
#include <turbojpeg.h>

#include <cstddef>
#include <string>

#include "media/orientation.hpp"
#include "unit/media/coded_scene.hpp"

using namespace onlooker::media;

namespace {

Pixels without_colour(Pixels pixels) {
    for (std::size_t i = 0; i < pixels.rgb.size(); i += 3) {
        const double luma =
            0.299 * pixels.rgb[i] + 0.587 * pixels.rgb[i + 1] + 0.114 * pixels.rgb[i + 2];
        for (std::size_t k = 0; k < 3; ++k)
            pixels.rgb[i + k] = static_cast<unsigned char>(luma + 0.5);
    }
    return pixels;
}

Pixels last_of(const Pixels& pixels, PictureSize size) {
    return part_of(pixels, {.x = pixels.width - size.width,
                            .y = pixels.height - size.height,
                            .width = size.width,
                            .height = size.height});
}

}  // namespace

TEST_SUITE("jpeg transform") {
    TEST_CASE(
        "what is cut out ends where it was asked to, and begins at a block, laid in any way") {
        JpegTransform transform;
        for (const int sampling : samplings)
            for (const PictureSize size : {PictureSize{128, 96}, PictureSize{117, 101}}) {
                const Jpeg jpeg = encoded(scene(size.width, size.height), sampling);
                const Pixels source = decoded(jpeg);
                for (unsigned number = 1; number <= 8; ++number)
                    for (const bool grey : {false, true})
                        for (const Recipe::Crop part :
                             {Recipe::Crop{20, 17, 30, 22}, Recipe::Crop{0, 0, 1, 1},
                              Recipe::Crop{64, 48, 16, 16}}) {
                            CAPTURE(sampling);
                            CAPTURE(size.width);
                            CAPTURE(number);
                            CAPTURE(grey);
                            CAPTURE(part.x);
                            const Lay lay = lay_of(number);
                            const auto made = transform.run(jpeg, {part, lay, grey});
                            REQUIRE(made.error == std::string());
                            const Pixels pixels = decoded(made.jpeg);
                            CHECK(PictureSize{pixels.width, pixels.height} == made.size);
                            Pixels wanted = laid_pixels(part_of(source, part), lay);
                            if (grey)
                                wanted = without_colour(wanted);
                            const PictureSize asked{wanted.width, wanted.height};
                            REQUIRE(pixels.width >= asked.width);
                            REQUIRE(pixels.height >= asked.height);
                            CHECK(pixels.width < asked.width + 32);
                            CHECK(pixels.height < asked.height + 32);
                            CHECK(psnr(last_of(pixels, asked), wanted) >= 36);
                        }
            }
    }

    TEST_CASE("the size that is told is that of the picture, whatever goes at its edges") {
        JpegTransform transform;
        for (const int sampling : samplings)
            for (const PictureSize size :
                 {PictureSize{70, 50}, PictureSize{33, 40}, PictureSize{35, 1}})
                for (unsigned number = 1; number <= 8; ++number)
                    for (const bool grey : {false, true}) {
                        CAPTURE(sampling);
                        CAPTURE(size.width);
                        CAPTURE(number);
                        CAPTURE(grey);
                        const Jpeg jpeg = encoded(scene(size.width, size.height), sampling);
                        const JpegTransform::What what{{}, lay_of(number), grey};
                        const auto made = transform.run(jpeg, what);
                        if (!made.error.empty()) {
                            CHECK(made.error == "it is smaller than a block of a JPEG");
                            continue;
                        }
                        const Pixels pixels = decoded(made.jpeg);
                        CHECK(PictureSize{pixels.width, pixels.height} == made.size);
                        CHECK(transform.is_exact(jpeg, what) ==
                              (made.size == laid(size, what.lay)));
                    }
    }

    TEST_CASE("after a picture that fails the next one is made as if there had been none") {
        JpegTransform transform;
        const Jpeg jpeg = encoded(scene(640, 480), TJSAMP_420);
        Jpeg torn = jpeg;
        torn.erase(torn.begin() + static_cast<std::ptrdiff_t>(torn.size() / 2), torn.end() - 2);
        for (int i = 0; i < 3; ++i) {
            CHECK_FALSE(transform.run(torn, {{}, lay_of(2), false}).error.empty());
            CHECK_FALSE(transform.run({}, {{}, lay_of(2), false}).error.empty());
            CHECK(transform.run(jpeg, {{}, lay_of(2), false}).error.empty());
        }
    }
}
