#include "media/sample_range.hpp"

#include <algorithm>

namespace onlooker::media {

// Written so that the compiler makes vector code of it. The range is a copy, and the function is
// not inline, so that the compiler does not know the factor: it would replace the multiplication by
// shifts, which are slower here.
void stretch(SampleRange range, unsigned char* samples, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint8_t inside = std::min(std::max(samples[i], range.lowest), range.highest);
        const auto above = static_cast<std::uint8_t>(inside - range.lowest);
        const auto more = static_cast<std::uint16_t>(above * range.factor + range.bias);
        samples[i] = static_cast<unsigned char>(above + (more >> 10));
    }
}

}  // namespace onlooker::media
