#include "media/jpeg_quality.hpp"

#include <cmath>
#include <cstdint>

#include "media/jpeg_markers.hpp"

namespace onlooker::media {

namespace {

// Of the luma table that ITU-T T.81, annex K.1, gives as an example and libjpeg scales.
constexpr double sum_at_quality_50 = 3688;

unsigned octet(std::span<const std::byte> octets, std::size_t at) noexcept {
    return std::to_integer<unsigned>(octets[at]);
}

// The sum of a table of octets with the number 0 in the body of a DQT segment; 0: it has none.
unsigned sum_of_first_table(std::span<const std::byte> body) noexcept {
    constexpr std::size_t values = 64;
    std::size_t at = 0;
    while (at < body.size()) {
        const unsigned head = octet(body, at++);
        const std::size_t size = head >> 4 != 0 ? 2 * values : values;
        if (size > body.size() - at)
            return 0;
        if (head == 0) {
            unsigned sum = 0;
            for (const std::byte value : body.subspan(at, values))
                sum += std::to_integer<unsigned>(value);
            return sum;
        }
        at += size;
    }
    return 0;
}

// What jpeg_set_quality() makes of a quality, the other way round.
unsigned quality_of(double percent) noexcept {
    const double quality = percent > 100 ? 5000 / percent : (200 - percent) / 2;
    return quality < 1 ? 1 : static_cast<unsigned>(std::lround(quality));
}

}  // namespace

unsigned estimated_quality(std::span<const std::byte> jpeg) noexcept {
    std::size_t at = 2;
    while (at + 4 <= jpeg.size() && octet(jpeg, at) == jpeg::fill) {
        const unsigned marker = octet(jpeg, at + 1);
        const std::size_t length = octet(jpeg, at + 2) << 8 | octet(jpeg, at + 3);
        if (marker == jpeg::sos || length < 2 || length > jpeg.size() - at - 2)
            break;
        if (marker == jpeg::dqt)
            if (const unsigned sum = sum_of_first_table(jpeg.subspan(at + 4, length - 2)); sum > 0)
                return quality_of(100 * sum / sum_at_quality_50);
        at += length + 2;
    }
    return 100;
}

}  // namespace onlooker::media
