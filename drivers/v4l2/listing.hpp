// What --list-cameras prints of the kernel's cameras.
#pragma once

#include <vector>

#include "camera/driver.hpp"
#include "v4l2/kernel.hpp"
#include "v4l2/naming.hpp"

namespace onlooker::drivers::v4l2 {

// One row per camera, with formats, sizes, rates, inputs and controls; a device that we may not
// open is listed with the reason. Opens devices, changes nothing in them.
std::vector<camera::FoundCamera> list_cameras(Kernel& kernel, const Places& places = {});

}  // namespace onlooker::drivers::v4l2
