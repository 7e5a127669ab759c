// The cameras that libcamera finds, for --list-cameras.
//
// Thread: the main one.
#pragma once

#include <vector>

#include "camera/driver.hpp"

namespace onlooker::drivers::libcamera_driver {

std::vector<camera::FoundCamera> list_cameras();

}  // namespace onlooker::drivers::libcamera_driver
