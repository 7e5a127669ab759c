#include "overlay_scene.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace onlooker::media {

namespace {

unsigned chroma_width(unsigned width, ChromaGrid grid) {
    const bool halved = grid == ChromaGrid::s420 || grid == ChromaGrid::s422;
    return halved ? (width + 1) / 2 : width;
}

unsigned chroma_height(unsigned height, ChromaGrid grid) {
    const bool halved = grid == ChromaGrid::s420 || grid == ChromaGrid::s440;
    return halved ? (height + 1) / 2 : height;
}

double linear(double value) {
    const double share = std::clamp(value, 0.0, 255.0) / 255;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

}  // namespace

Planes planes_of(unsigned width, unsigned height, ChromaGrid grid, const SampleAt& sample) {
    Planes picture{.width = width, .height = height, .grid = grid, .planes = {}};
    for (int plane = 0; plane < (grid == ChromaGrid::grey ? 1 : 3); ++plane) {
        Planes::Plane& made = picture.planes[static_cast<std::size_t>(plane)];
        made.width = plane == 0 ? width : chroma_width(width, grid);
        made.height = plane == 0 ? height : chroma_height(height, grid);
        for (unsigned y = 0; y < made.height; ++y)
            for (unsigned x = 0; x < made.width; ++x)
                made.samples.push_back(sample(plane, x, y));
    }
    return picture;
}

Planes plain_planes(unsigned width, unsigned height, ChromaGrid grid, std::uint8_t luma) {
    return planes_of(width, height, grid, [luma](int plane, unsigned, unsigned) {
        return plane == 0 ? luma : std::uint8_t{128};
    });
}

Planes noise_planes(unsigned width, unsigned height, ChromaGrid grid) {
    std::mt19937 random(1);
    return planes_of(width, height, grid, [&](int, unsigned, unsigned) {
        return static_cast<std::uint8_t>(random() >> 24);
    });
}

Changed changed(const Planes& before, const Planes& after) {
    Changed found{.left = before.width, .top = before.height};
    const auto& old_samples = before.planes[0].samples;
    for (unsigned y = 0; y < before.height; ++y)
        for (unsigned x = 0; x < before.width; ++x) {
            const std::size_t at = std::size_t{y} * before.width + x;
            if (old_samples[at] == after.planes[0].samples[at])
                continue;
            found.left = std::min(found.left, x);
            found.top = std::min(found.top, y);
            found.right = std::max(found.right, x + 1);
            found.bottom = std::max(found.bottom, y + 1);
            ++found.count;
        }
    return found;
}

double luminance_at(const Planes& picture, unsigned x, unsigned y) {
    const double luma = picture.planes[0].samples[std::size_t{y} * picture.width + x];
    double blue = 0, red = 0;
    if (picture.grid != ChromaGrid::grey) {
        const Planes::Plane& plane = picture.planes[1];
        const std::size_t at = std::size_t{y * plane.height / picture.height} * plane.width +
                               x * plane.width / picture.width;
        blue = picture.planes[1].samples[at] - 128.0;
        red = picture.planes[2].samples[at] - 128.0;
    }
    return 0.2126 * linear(luma + 1.402 * red) +
           0.7152 * linear(luma - 0.344136 * blue - 0.714136 * red) +
           0.0722 * linear(luma + 1.772 * blue);
}

}  // namespace onlooker::media
