// When to begin the next picture of a viewer that is behind: at the moment the wire is about to be
// free, and not when the kernel says "writable", for then its queue still holds the last picture.
//
// What is unacknowledged (SIOCOUTQ) may be about what the path holds: rate times the least round
// trip. The rate is TCP_INFO's delivery rate, the best of the last samples, since one taken while
// the sender paused is too low, and too low costs pictures where too high costs little. But the
// kernel keeps an old, higher rate for as long as the sender pauses between pictures, so when a
// link becomes slower that alone would fill its queue: what was acknowledged during the last
// second, and a quarter more, is the upper bound.
#pragma once

#include <array>
#include <cstddef>

#include "clock.hpp"

namespace onlooker::bench {

class QueueRule {
  public:
    // How long to wait until the next picture may begin; 0: now. Ask again after the wait.
    Nanoseconds rest(int socket);

    // The queue was found empty so often in a row that asking has become a waste.
    bool on_time() const noexcept { return empty_in_a_row_ >= 30; }
    void fell_behind() noexcept { empty_in_a_row_ = 0; }

  private:
    double best_rate(double sample) noexcept;
    double upper_bound(double acknowledged, Nanoseconds now) noexcept;

    struct Acknowledged {
        Nanoseconds when = 0;
        double octets = 0;
    };
    std::array<double, 16> samples_{};  // octets per second
    std::size_t next_sample_ = 0;
    std::array<Acknowledged, 10> history_{};  // a tenth of a second apart
    std::size_t history_size_ = 0;
    unsigned empty_in_a_row_ = 0;
};

}  // namespace onlooker::bench
