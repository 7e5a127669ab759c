#include "media/jpeg_coefficients.hpp"

#include "media/jpeg_markers.hpp"

namespace onlooker::media {

namespace {

unsigned octet(std::span<const std::byte> octets, std::size_t at) noexcept {
    return at < octets.size() ? std::to_integer<unsigned>(octets[at]) : 0;
}

}  // namespace

bool keeps_coefficients(std::span<const std::byte> jpeg) noexcept {
    // Where a frame header (T.81, B.2.2), and a scan header (B.2.3), tell their components.
    constexpr std::size_t of_frame = 9;
    constexpr std::size_t of_scan = 4;
    unsigned components = 0;
    std::size_t at = 2;
    while (at + of_scan < jpeg.size() && octet(jpeg, at) == jpeg::fill) {
        const unsigned marker = octet(jpeg, at + 1);
        if (marker == jpeg::sof2)
            return true;
        if (marker >= jpeg::sof0 && marker < jpeg::sof2)
            components = octet(jpeg, at + of_frame);
        if (marker == jpeg::sos)
            return octet(jpeg, at + of_scan) < components;
        at += 2 + (octet(jpeg, at + 2) << 8 | octet(jpeg, at + 3));
    }
    return false;
}

bool keeps_too_many_coefficients(std::span<const std::byte> jpeg, std::uint64_t pixels) noexcept {
    return pixels > most_pixels_in_coefficients && keeps_coefficients(jpeg);
}

}  // namespace onlooker::media
