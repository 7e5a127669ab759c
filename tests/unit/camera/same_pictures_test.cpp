#include "camera/same_pictures.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "media/jpeg_encoder.hpp"
#include "support/scripted_driver.hpp"

using namespace onlooker;
using namespace onlooker::camera;
using namespace std::chrono_literals;
using test::captured;

namespace {

constexpr unsigned width = 160;
constexpr unsigned height = 96;

// A grey picture in the octets of the test, which may be changed.
struct Scene {
    std::vector<std::byte> pixels = std::vector<std::byte>(width * height, std::byte{100});

    media::RawImage raw() const {
        return media::raw_image_in(pixels, media::PixelFormat::grey, width, height);
    }
    Scene with_noise(double deviation, unsigned seed) const {
        std::mt19937 random(seed);
        std::normal_distribution<double> noise(0, deviation);
        Scene noisy = *this;
        for (std::byte& pixel : noisy.pixels)
            pixel = static_cast<std::byte>(
                std::clamp(static_cast<int>(pixel) + static_cast<int>(noise(random)), 0, 255));
        return noisy;
    }
    // A bar, as the segment of a digit 32 pixels high.
    Scene with_bar() const {
        Scene changed = *this;
        for (std::size_t y = 20; y < 36; ++y)
            for (std::size_t x = 50; x < 54; ++x)
                changed.pixels[y * width + x] = std::byte{220};
        return changed;
    }
    Scene brighter(int by) const {
        Scene changed = *this;
        for (std::byte& pixel : changed.pixels)
            pixel = static_cast<std::byte>(static_cast<int>(pixel) + by);
        return changed;
    }
    std::vector<std::byte> jpeg() const {
        media::JpegEncoder encoder({});
        const auto octets = encoder.encode(raw()).jpeg;
        return {octets.begin(), octets.end()};
    }
};

// Asks about one picture after the other, 10 ms apart, as a capture thread does.
struct Run {
    explicit Run(SamePictures::Settings settings) : same(settings, false) {}

    bool sends(const Captured& picture, SteadyTime wanted_after = SteadyTime::min()) {
        now += 10ms;
        if (same.holds_back(picture, now, wanted_after))
            return false;
        same.keep(picture, now);
        return true;
    }
    bool sends(const Scene& scene) { return sends(captured(scene.raw())); }
    bool sends_jpeg(std::span<const std::byte> jpeg) {
        return sends(captured(media::JpegImage{jpeg}));
    }

    SamePictures same;
    SteadyTime now{1h};
};

// With a segment of EXIF behind the start mark, `value` in it.
std::vector<std::byte> with_exif(std::vector<std::byte> jpeg, std::byte value) {
    const std::vector<std::byte> segment{std::byte{0xff}, std::byte{0xe1}, std::byte{0},
                                         std::byte{10},   std::byte{'E'},  std::byte{'x'},
                                         std::byte{'i'},  std::byte{'f'},  std::byte{0},
                                         std::byte{0},    value,           value};
    std::vector<std::byte> whole = segment;
    whole[3] = std::byte{10};
    jpeg.insert(jpeg.begin() + 2, whole.begin(), whole.end());
    return jpeg;
}

}  // namespace

TEST_SUITE("same pictures") {
    TEST_CASE("octet for octet are held back, raw and JPEG") {
        Run run({.at_most = 1s});
        const Scene scene;
        CHECK(run.sends(scene));
        CHECK_FALSE(run.sends(scene));
        Scene other = scene;
        other.pixels.back() = std::byte{101};
        CHECK(run.sends(other));
        CHECK_FALSE(run.sends(other));
        CHECK(run.sends(scene));
        const auto jpeg = scene.jpeg();
        CHECK(run.sends_jpeg(jpeg));
        CHECK_FALSE(run.sends_jpeg(jpeg));
        CHECK(run.sends_jpeg(scene.with_bar().jpeg()));
        CHECK(run.sends(scene));
    }

    TEST_CASE("of other sizes are others, though their octets are the same") {
        Run run({.at_most = 1s});
        const Scene scene;
        media::RawImage upright =
            media::raw_image_in(scene.pixels, media::PixelFormat::grey, height, width);
        CHECK(run.sends(scene));
        CHECK(run.sends(captured(upright)));
    }

    TEST_CASE("are compared row by row, whatever stands between the rows") {
        Run run({.at_most = 1s});
        Scene scene;
        media::RawImage narrow =
            media::raw_image_in(scene.pixels, media::PixelFormat::grey, width - 8, height, width);
        CHECK(run.sends(captured(narrow)));
        scene.pixels[width - 1] = std::byte{1};
        CHECK_FALSE(run.sends(captured(narrow)));
        scene.pixels[width - 9] = std::byte{1};
        CHECK(run.sends(captured(narrow)));
    }

    TEST_CASE("are sent again when their time is over") {
        Run run({.at_most = 100ms});
        const Scene scene;
        int sent = 0;
        for (int i = 0; i < 100; ++i)
            sent += run.sends(scene) ? 1 : 0;
        CHECK(sent == 10);
    }

    TEST_CASE("are sent once to somebody who wants one that was taken after he came") {
        Run run({.at_most = 1h});
        const Scene scene;
        CHECK(run.sends(scene));
        const SteadyTime came = run.now + 15ms;
        CHECK(run.sends(captured(scene.raw()), came));  // taken 5 ms too early for him
        CHECK(run.sends(captured(scene.raw()), came));
        CHECK_FALSE(run.sends(captured(scene.raw()), came));
    }

    TEST_CASE("may have other EXIF data, which nobody is sent") {
        Run run({.at_most = 1s});
        const auto jpeg = Scene().jpeg();
        CHECK(run.sends_jpeg(with_exif(jpeg, std::byte{1})));
        CHECK_FALSE(run.sends_jpeg(with_exif(jpeg, std::byte{2})));
    }

    TEST_CASE("that cannot be shown are not held back, since somebody has to say why") {
        Run run({.at_most = 1s});
        const std::vector<std::byte> half{std::byte{0xff}, std::byte{0xd8}};
        CHECK_FALSE(run.same.holds_back(captured(media::JpegImage{half}), run.now, {}));
        CHECK_FALSE(run.same.holds_back(captured(media::JpegImage{half}), run.now, {}));
        const Scene scene;
        CHECK(run.sends(scene));
        run.same.forget();
        CHECK(run.sends(scene));
    }

    TEST_CASE("noise below the level is held back, a changed digit is not") {
        for (const bool jpeg : {false, true}) {
            CAPTURE(jpeg);
            Run run({.at_most = 1h, .level = 6});
            const Scene scene;
            const auto sends = [&](const Scene& noisy) {
                return jpeg ? run.sends_jpeg(noisy.jpeg()) : run.sends(noisy);
            };
            CHECK(sends(scene.with_noise(3, 0)));
            for (unsigned seed = 1; seed < 30; ++seed)
                CHECK_FALSE(sends(scene.with_noise(3, seed)));
            CHECK(sends(scene.with_bar().with_noise(3, 99)));
            CHECK(sends(scene.with_noise(3, 100)));
        }
    }

    TEST_CASE("without a level noise is a change") {
        Run run({.at_most = 1h});
        const Scene scene;
        CHECK(run.sends(scene.with_noise(3, 1)));
        CHECK(run.sends(scene.with_noise(3, 2)));
    }

    TEST_CASE("a slow drift is seen once it has grown to the level") {
        Run run({.at_most = 1h, .level = 6});
        const Scene scene;
        std::vector<int> sent;
        for (int i = 0; i <= 20; ++i)
            if (run.sends(scene.brighter(i)))
                sent.push_back(i);
        CHECK(sent == std::vector<int>{0, 6, 12, 18});
    }
}
