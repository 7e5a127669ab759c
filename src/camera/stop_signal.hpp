// How the loop reaches a driver that waits for its device on its own thread: a flag that says stop,
// and a descriptor beside the device's that wakes whoever polls both.
//
//     the loop                          the driver's thread
//     wake()  there is something to do  descriptor() becomes readable, until forget_wake()
//     stop()  end                       descriptor() becomes readable, and stays so
//
// Owner: what the two threads share. Thread: as said above; stopped(): any.
// Errors: the constructor throws std::system_error when no descriptor is left.
#pragma once

#include <atomic>
#include <chrono>

#include "base/clock.hpp"
#include "base/wake_fd.hpp"

namespace onlooker::camera {

class StopSignal {
  public:
    void stop() noexcept;
    void wake() noexcept { wake_.raise(); }

    bool stopped() const noexcept { return stopped_.load(std::memory_order_acquire); }
    int descriptor() const noexcept { return wake_.get(); }
    void forget_wake() noexcept;
    // False: it was stopped before `time`. A wake() does not end the sleep, and is forgotten.
    bool sleep_until(SteadyTime time) noexcept;

  private:
    WakeFd wake_;
    std::atomic<bool> stopped_ = false;
};

}  // namespace onlooker::camera
