// A bucket of `at_once` things, into which one comes back per interval. Times are those of the
// caller's steady clock. Plain values; any thread, one at a time.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace onlooker::access {

class Bucket {
  public:
    struct Rate {
        unsigned at_once;
        SteadyClock::duration interval;
    };

    // Zero: one may be taken now. Otherwise how long until one may.
    SteadyClock::duration wait(const Rate& rate, SteadyTime now) const noexcept {
        const auto next = full_at_ - rate.interval * (rate.at_once - 1);
        return std::max(next - now, SteadyClock::duration::zero());
    }
    void take(const Rate& rate, SteadyTime now) noexcept {
        full_at_ = std::max(full_at_, now) + rate.interval;
    }
    void give_back(const Rate& rate) noexcept { full_at_ -= rate.interval; }

    SteadyTime full_at() const noexcept { return full_at_; }

  private:
    SteadyTime full_at_{};
};

}  // namespace onlooker::access
