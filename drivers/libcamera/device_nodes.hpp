// The device nodes that a camera is made of: whether it is still plugged in, asked of the kernel,
// which knows before libcamera does.
//
// Thread: any; it does not change.
#pragma once

#include <sys/types.h>

#include <utility>
#include <vector>

namespace onlooker::drivers::libcamera_driver {

class DeviceNodes {
  public:
    explicit DeviceNodes(std::vector<dev_t> numbers) : numbers_(std::move(numbers)) {}

    // True, too, where libcamera does not say what a camera is made of.
    bool are_there() const;

  private:
    std::vector<dev_t> numbers_;
};

}  // namespace onlooker::drivers::libcamera_driver
