#include "media/sample_range.hpp"

#include <algorithm>

namespace onlooker::media {

// Written for the compiler to make vector code of. The range is a copy, and the loop is kept away
// from its callers' constants: multiplying by a number that is known would be taken apart into
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
