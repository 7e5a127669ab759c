// The row of the driver emulated in the table of drivers.
#pragma once

#include "camera/driver.hpp"

namespace onlooker::drivers::emulated {

camera::DriverEntry entry();

}  // namespace onlooker::drivers::emulated
