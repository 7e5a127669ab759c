// Pictures to write on, and what is found on them afterwards.
#pragma once

#include <cstdint>
#include <functional>

#include "media/planes.hpp"

namespace onlooker::media {

// Every sample is what `sample` says of its plane and its place.
using SampleAt = std::function<std::uint8_t(int plane, unsigned x, unsigned y)>;
Planes planes_of(unsigned width, unsigned height, ChromaGrid grid, const SampleAt& sample);

// One level of luma, without colour.
Planes plain_planes(unsigned width, unsigned height, ChromaGrid grid, std::uint8_t luma);
// Each sample by chance.
Planes noise_planes(unsigned width, unsigned height, ChromaGrid grid);

// Luma samples that differ.
struct Changed {
    unsigned left = 0;
    unsigned top = 0;
    unsigned right = 0;   // behind the last
    unsigned bottom = 0;  // below the last
    unsigned count = 0;
};
Changed changed(const Planes& before, const Planes& after);

// Of an sRGB pixel, out of its samples: relative luminance as in WCAG 2.1.
double luminance_at(const Planes& picture, unsigned x, unsigned y);

}  // namespace onlooker::media
