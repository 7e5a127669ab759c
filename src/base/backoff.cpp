#include "base/backoff.hpp"

#include <algorithm>

namespace onlooker {

Backoff::Backoff(Duration first, Duration last, std::uint32_t seed) noexcept
    : first_(first), last_(last), random_(seed | 1) {}

Backoff::Duration Backoff::next() noexcept {
    if (step_ == Duration::zero()) {
        step_ = first_;
        return step_;
    }
    step_ = std::min(step_ * 2, last_);
    // xorshift32 (Marsaglia 2003): jitter needs no better randomness.
    random_ ^= random_ << 13;
    random_ ^= random_ >> 17;
    random_ ^= random_ << 5;
    const auto quarter = step_.count() / 4;
    return step_ - Duration(quarter > 0 ? static_cast<Duration::rep>(random_) % quarter : 0);
}

}  // namespace onlooker
