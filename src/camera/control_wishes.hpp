// What was asked of a camera's controls while the program runs, so that it holds again after a
// reconnect, whichever driver it is (none need remember anything) and however it ended: each
// control as it was wished last, in the order in which they were first wished (a manual value often
// needs its automatic switched off before).
//
// A button is pressed once and no wish. What the device turns out not to have is forgotten,
// or it would be refused with each reconnect; which values it takes is the driver's matter.
//
// Owner: the camera. Thread: the loop.
#pragma once

#include <vector>

#include "camera/driver.hpp"

namespace onlooker::camera {

class ControlWishes {
  public:
    // What the device has, as far as is known: empty, nothing is.
    void fit(const std::vector<Control>& controls);

    // False: it is not kept, see above.
    bool keep(const ControlChange& change, const std::vector<Control>& controls);

    const std::vector<ControlChange>& all() const noexcept { return wishes_; }

  private:
    std::vector<ControlChange> wishes_;
};

}  // namespace onlooker::camera
