// When to begin the next picture of a viewer that is behind: at the moment the wire is about to be
// free, and not when the kernel says "writable", for then its queue still holds the last picture.
//
// What is unacknowledged (SIOCOUTQ) may be about what the path holds: delivery rate times the least
// round trip, both from TCP_INFO. The rate is the best of the last second's samples, since a sample
// taken while the sender paused is too low, and too low costs pictures where too high costs little.
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

    std::array<double, 16> samples_{};  // octets per second
    std::size_t next_sample_ = 0;
    unsigned empty_in_a_row_ = 0;
};

}  // namespace onlooker::bench
