// A scene with a slope of its own in each direction, coded as JPEG and decoded again, and what is
// done to its pixels one by one: what pictures that were made another way are compared with.
#pragma once

#include <turbojpeg.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "media/frame.hpp"
#include "media/orientation.hpp"
#include "media/recipe.hpp"

namespace onlooker::media {

struct Pixels {
    unsigned width = 0;
    unsigned height = 0;
    std::vector<unsigned char> rgb;

    bool operator==(const Pixels&) const = default;
    const unsigned char* at(unsigned x, unsigned y) const {
        return &rgb[3 * (std::size_t{y} * width + x)];
    }
};

using Jpeg = std::vector<std::byte>;

inline constexpr std::array samplings{TJSAMP_444, TJSAMP_422, TJSAMP_440,
                                      TJSAMP_420, TJSAMP_411, TJSAMP_GRAY};

// Smooth, so that no way to lay it looks like another.
Pixels scene(unsigned width, unsigned height);

// `sampling` and `flags` are TurboJPEG's.
Jpeg encoded(const Pixels& pixels, int sampling, int quality = 98, int flags = 0);
Pixels decoded(std::span<const std::byte> jpeg);

FramePtr frame_of(const Jpeg& jpeg, unsigned width, unsigned height, std::uint64_t number = 1,
                  bool is_card = false);

// As the definitions say it.
Pixels laid_pixels(const Pixels& from, Lay lay);
Pixels part_of(const Pixels& from, Recipe::Crop part);

// In dB; 0 where the sizes differ, 100 where nothing does.
double psnr(const Pixels& one, const Pixels& other);

}  // namespace onlooker::media
