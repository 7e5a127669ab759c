// A descriptor by which one thread wakes another that waits in poll(2): an eventfd. It is readable
// (POLLIN) from raise() until lower(), however often it was raised.
//
// Owner: what the two threads share. Thread: any.
// Errors: the constructor throws std::system_error when no descriptor is left.
#pragma once

#include "base/unique_fd.hpp"

namespace onlooker {

class WakeFd {
  public:
    WakeFd();

    void raise() noexcept;
    void lower() noexcept;
    int get() const noexcept { return event_.get(); }

  private:
    UniqueFd event_;
};

}  // namespace onlooker
