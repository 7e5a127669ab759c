// Picture hygiene, with octets that no camera would send.
//
// What passes must keep its promises, with an end of its own or one that it was given: a cleaned
// picture is one whose check finds nothing to do, it has the size that was read from it, and is no
// longer than what came in and the tables put in.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "media/jpeg_check.hpp"

using onlooker::media::check_jpeg;
using onlooker::media::CheckedJpeg;
using onlooker::media::JpegLimits;

namespace {

void expect(bool condition) {
    if (!condition)
        std::abort();
}

std::vector<std::byte> joined(const CheckedJpeg& picture) {
    std::vector<std::byte> octets;
    for (const std::span<const std::byte> piece : picture.pieces())
        octets.insert(octets.end(), piece.begin(), piece.end());
    return octets;
}

void check(std::span<const std::byte> data, const JpegLimits& limits) {
    const CheckedJpeg picture = check_jpeg(data, limits);
    if (!picture) {
        expect(picture.pieces().empty());
        return;
    }
    const std::vector<std::byte> clean = joined(picture);
    expect(clean.size() == picture.size() && clean.size() <= data.size() + 1024);
    const CheckedJpeg again = check_jpeg(clean);
    expect(static_cast<bool>(again));
    expect(again.width == picture.width && again.height == picture.height);
    expect(again.components == picture.components && again.chroma == picture.chroma);
    expect(joined(again) == clean);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto octets = std::as_bytes(std::span(data, size));
    check(octets, {});
    JpegLimits lenient;
    lenient.allow_truncated = true;
    check(octets, lenient);
    return 0;
}
