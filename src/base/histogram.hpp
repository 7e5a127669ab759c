// How long something took, counted by size: what a histogram of Prometheus is made of. To add a
// value is a search among fourteen bounds and three additions, without allocation.
//
// Owner: whoever measures. Thread: one at a time. Seconds.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onlooker {

class Histogram {
  public:
    // Upper bounds, each included; what is larger counts behind the last.
    static constexpr std::array bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                       0.025,  0.05,    0.1,    0.25,  0.5,    1.0,   2.5};

    void add(std::chrono::duration<double> value) noexcept {
        const double seconds = std::max(value.count(), 0.0);
        const auto bound = std::ranges::lower_bound(bounds, seconds);
        ++counts_[static_cast<std::size_t>(bound - bounds.begin())];
        ++count_;
        sum_ += seconds;
    }

    // Of those behind the bound before and up to this one; [bounds.size()]: of all that are larger.
    const std::array<std::uint64_t, bounds.size() + 1>& counts() const noexcept { return counts_; }
    std::uint64_t count() const noexcept { return count_; }
    double sum() const noexcept { return sum_; }

  private:
    std::array<std::uint64_t, bounds.size() + 1> counts_{};
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

}  // namespace onlooker
