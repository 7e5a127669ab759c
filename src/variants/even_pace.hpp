// Which of a source's frames to show for a lower rate, and when, so that they come evenly.
//
// Where the source's rate is a multiple of the wished one, or nearly, each second, third, ... frame
// is shown as it comes: 10 of 30. Where it is not, the newest frame is shown when one is due: of 30
// frames a second 20 are 50 ms apart, and not 33 and 67. Where the source gives no more than is
// wished, each is shown. A rate that is not known yet is made from the frames as they come.
//
// Reads no clock. Thread: one at a time.
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace onlooker::variants {

class EvenPace {
  public:
    // Frames per second; more than 0.
    explicit EvenPace(double rate);

    // A frame came at `now`, and lately `source_rate` a second do (0: not known). True: it is to be
    // shown now; otherwise it may be, once it is due().
    bool on_frame(SteadyTime now, double source_rate);
    // When the newest frame is to be shown; nothing if the next one decides.
    std::optional<SteadyTime> due() const noexcept;
    // True: the newest frame is to be shown now.
    bool on_time(SteadyTime now);

  private:
    bool divides(double source_rate) const noexcept;
    bool is_due_of_multiple(SteadyTime now, double source_rate) const noexcept;
    void shown(SteadyTime now) noexcept;

    double rate_;
    SteadyClock::duration interval_;
    SteadyTime shown_at_{};  // the last one
    SteadyTime due_{};       // the next one
    bool waits_ = false;     // a frame, for that time
};

}  // namespace onlooker::variants
