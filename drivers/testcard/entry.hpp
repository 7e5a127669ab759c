// The row of the driver testcard in the table of drivers.
#pragma once

#include "camera/driver.hpp"

namespace onlooker::drivers::testcard {

camera::DriverEntry entry();

}  // namespace onlooker::drivers::testcard
