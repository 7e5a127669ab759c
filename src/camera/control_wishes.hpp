// What users have set on a camera's controls, so that it holds again after a reconnect, whichever
// driver it is and however the connection ended: the latest value of each control, in the order in
// which they were first set (a manual value often needs its automatic switched off first).
//
// A button press is not remembered. A control that the device turns out not to have is forgotten,
// because it would be refused at every reconnect. Which values a control accepts is up to the
// driver.
//
// Owner: the camera. Thread: the loop.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "camera/driver.hpp"

namespace onlooker::camera {

class ControlWishes {
  public:
    ControlWishes() = default;
    // Those of an earlier run.
    explicit ControlWishes(std::vector<ControlChange> wishes) : wishes_(std::move(wishes)) {}

    // What the device has; empty while that is not known.
    void fit(const std::vector<Control>& controls);

    // False: it is not remembered, see above.
    bool keep(const ControlChange& change, const std::vector<Control>& controls);

    // What the configuration decides from now on.
    void forget(const std::string& id);

    const std::vector<ControlChange>& all() const noexcept { return wishes_; }

  private:
    std::vector<ControlChange> wishes_;
};

}  // namespace onlooker::camera
