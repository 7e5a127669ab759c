// The text of `--help DRIVER`: what the driver is for, what its SOURCE may be, and its options.
// Made from what the driver says of itself (camera/driver.hpp). Pure.
#pragma once

#include <string>

#include "camera/driver.hpp"

namespace onlooker::app {

// At most 100 columns wide, as long as no single word is longer.
std::string driver_help(const camera::DriverEntry& driver);

}  // namespace onlooker::app
