#include "unit/media/coded_scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace onlooker::media {

namespace {

struct Free {
    void operator()(void* handle) const { tjDestroy(handle); }
    void operator()(unsigned char* buffer) const { tjFree(buffer); }
};

}  // namespace

Pixels scene(unsigned width, unsigned height) {
    Pixels made{.width = width, .height = height, .rgb = {}};
    for (unsigned y = 0; y < height; ++y)
        for (unsigned x = 0; x < width; ++x) {
            made.rgb.push_back(static_cast<unsigned char>(40 + 160 * x / std::max(width, 2U)));
            made.rgb.push_back(static_cast<unsigned char>(220 - 180 * y / std::max(height, 2U)));
            made.rgb.push_back(static_cast<unsigned char>(60 + 90 * (x + y) / (width + height)));
        }
    return made;
}

Jpeg encoded(const Pixels& pixels, int sampling, int quality, int flags) {
    const std::unique_ptr<void, Free> turbo(tjInitCompress());
    unsigned char* out = nullptr;
    unsigned long size = 0;
    REQUIRE(tjCompress2(turbo.get(), pixels.rgb.data(), static_cast<int>(pixels.width), 0,
                        static_cast<int>(pixels.height), TJPF_RGB, &out, &size, sampling, quality,
                        flags) == 0);
    const std::unique_ptr<unsigned char, Free> owner(out);
    const auto octets = std::as_bytes(std::span(out, size));
    return {octets.begin(), octets.end()};
}

Pixels decoded(std::span<const std::byte> jpeg) {
    const std::unique_ptr<void, Free> turbo(tjInitDecompress());
    const auto* octets = reinterpret_cast<const unsigned char*>(jpeg.data());
    int width = 0;
    int height = 0;
    int sampling = -1;
    int colours = 0;
    // A sampling that TurboJPEG has no name for is an error of the header alone.
    tjDecompressHeader3(turbo.get(), octets, jpeg.size(), &width, &height, &sampling, &colours);
    REQUIRE(width > 0);
    Pixels made{.width = static_cast<unsigned>(width),
                .height = static_cast<unsigned>(height),
                .rgb = std::vector<unsigned char>(std::size_t{3} * static_cast<unsigned>(width) *
                                                  static_cast<unsigned>(height))};
    REQUIRE(tjDecompress2(turbo.get(), octets, jpeg.size(), made.rgb.data(), width, 0, height,
                          TJPF_RGB, 0) == 0);
    return made;
}

FramePtr frame_of(const Jpeg& jpeg, unsigned width, unsigned height, std::uint64_t number,
                  bool is_card) {
    Frame::Description description;
    description.number = number;
    description.width = width;
    description.height = height;
    description.is_card = is_card;
    const std::span<const std::byte> octets = jpeg;
    return Frame::make(description, std::span(&octets, 1));
}

Pixels laid_pixels(const Pixels& from, Lay lay) {
    const PictureSize size = laid(PictureSize{from.width, from.height}, lay);
    Pixels made{.width = size.width, .height = size.height, .rgb = {}};
    made.rgb.resize(from.rgb.size());
    for (unsigned y = 0; y < from.height; ++y)
        for (unsigned x = 0; x < from.width; ++x) {
            unsigned to_x = x;
            unsigned to_y = y;
            unsigned height = from.height;
            unsigned width = from.width;
            for (unsigned turns = static_cast<unsigned>(lay.turn); turns > 0; --turns) {
                to_x = std::exchange(to_y, to_x);
                to_x = height - 1 - to_x;
                std::swap(width, height);
            }
            if (lay.mirror)
                to_x = width - 1 - to_x;
            std::copy_n(from.at(x, y), 3, &made.rgb[3 * (std::size_t{to_y} * made.width + to_x)]);
        }
    return made;
}

Pixels part_of(const Pixels& from, Recipe::Crop part) {
    Pixels made{.width = part.width, .height = part.height, .rgb = {}};
    for (unsigned y = 0; y < part.height; ++y)
        made.rgb.insert(made.rgb.end(), from.at(part.x, part.y + y),
                        from.at(part.x, part.y + y) + std::size_t{3} * part.width);
    return made;
}

double psnr(const Pixels& one, const Pixels& other) {
    if (one.width != other.width || one.height != other.height)
        return 0;
    double sum = 0;
    for (std::size_t i = 0; i < one.rgb.size(); ++i) {
        const double difference = static_cast<double>(one.rgb[i]) - other.rgb[i];
        sum += difference * difference;
    }
    const double mean = sum / static_cast<double>(one.rgb.size());
    return mean == 0 ? 100 : 10 * std::log10(255 * 255 / mean);
}

}  // namespace onlooker::media
