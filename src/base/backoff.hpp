// How long to wait before trying again: doubles from `first` to `last`, with jitter. Thread: any
// one.
#pragma once

#include <chrono>
#include <cstdint>

namespace onlooker {

class Backoff {
  public:
    using Duration = std::chrono::milliseconds;

    Backoff(Duration first, Duration last, std::uint32_t seed) noexcept;

    // The next delay: the current step, less up to a quarter of it at random, so that many things
    // that failed together do not try again together. The first delay is exact.
    Duration next() noexcept;

    // The delays do not grow any more.
    bool is_longest() const noexcept { return step_ == last_; }

    // To be called after a success.
    void reset() noexcept { step_ = Duration::zero(); }

  private:
    Duration first_;
    Duration last_;
    Duration step_{};
    std::uint32_t random_;
};

}  // namespace onlooker
