// Raw pictures of every format into the encoder: strides, odd sizes, buffers that are too short.
//
// The first octets choose format, size and stride, the rest is the picture. It lies right before a
// page that nobody may touch, because TurboJPEG's own reading is not watched by the sanitizers.
// What is encoded must be a JPEG of that size.
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "media/jpeg_check.hpp"
#include "media/jpeg_encoder.hpp"
#include "media/raw_image.hpp"

using onlooker::media::check_jpeg;
using onlooker::media::JpegEncoder;
using onlooker::media::PixelFormat;
using onlooker::media::RawImage;

namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t room = 64 * page;
constexpr std::size_t choices = 6;
constexpr unsigned formats = static_cast<unsigned>(PixelFormat::bgrx32) + 1;

void expect(bool condition) {
    if (!condition)
        std::abort();
}

// Octets whose last is the last of a page, the next page being out of bounds.
std::span<const std::byte> before_the_abyss(std::span<const std::byte> octets) {
    static std::byte* const memory = [] {
        void* mapped = ::mmap(nullptr, room + page, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        expect(mapped != MAP_FAILED);
        auto* begin = static_cast<std::byte*>(mapped);
        expect(::mprotect(begin + room, page, PROT_NONE) == 0);
        return begin;
    }();
    octets = octets.first(std::min(octets.size(), room));
    std::byte* begin = memory + room - octets.size();
    std::ranges::copy(octets, begin);
    return {begin, octets.size()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < choices)
        return 0;
    const auto format = static_cast<PixelFormat>(data[0] % formats);
    const unsigned width = data[1] + (data[5] >= 250 ? data[5] * 256u : 0u);
    const unsigned height = data[2];
    // 0 is tight; else about the width, to be too short as often as not.
    const std::size_t stride = data[3] == 0 ? 0 : std::size_t{width} * (data[3] % 5) + data[3] / 5;
    const auto subsampling = static_cast<JpegEncoder::Subsampling>(data[4] % 3);

    const auto octets = before_the_abyss(std::as_bytes(std::span(data, size)).subspan(choices));
    RawImage image = onlooker::media::raw_image_in(octets, format, width, height, stride);
    image.full_range = data[4] % 2 == 0;
    // One encoder for all pictures, as a camera that changes its size has.
    static JpegEncoder encoders[] = {
        JpegEncoder({.quality = 80, .subsampling = JpegEncoder::Subsampling::s420}),
        JpegEncoder({.quality = 80, .subsampling = JpegEncoder::Subsampling::s422}),
        JpegEncoder({.quality = 80, .subsampling = JpegEncoder::Subsampling::s444})};
    const JpegEncoder::Result result = encoders[static_cast<int>(subsampling)].encode(image);
    expect(result.error.empty() != result.jpeg.empty());
    if (!result.error.empty())
        return 0;
    const auto checked = check_jpeg(result.jpeg);
    expect(checked && checked.width == width && checked.height == height);
    expect((checked.components == 1) == (format == PixelFormat::grey));
    return 0;
}
