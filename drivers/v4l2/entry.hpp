// The row of the driver v4l2 in the table of drivers.
#pragma once

#include "camera/driver.hpp"

namespace onlooker::drivers::v4l2 {

camera::DriverEntry entry();

}  // namespace onlooker::drivers::v4l2
