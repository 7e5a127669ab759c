// When a file's next picture is due, so that it plays at its own rate.
//
// By the positions that the file gives its pictures; where they stand still, jump or begin again,
// by its rate; where it has none, by 25 per second. Free of clocks and I/O.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.hpp"

namespace onlooker::drivers {

class FilePace {
  public:
    using Seconds = std::chrono::duration<double>;

    // With `rate` the file's own is not asked.
    explicit FilePace(std::optional<double> rate) noexcept : rate_(rate) {}

    SteadyTime next(SteadyTime now, std::optional<Seconds> position,
                    std::optional<Seconds> period) noexcept;

  private:
    Seconds step(std::optional<Seconds> position, std::optional<Seconds> period) const noexcept;

    std::optional<double> rate_;
    std::optional<SteadyTime> due_;
    std::optional<Seconds> position_;
};

}  // namespace onlooker::drivers
