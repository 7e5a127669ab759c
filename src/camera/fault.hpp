// Why a camera gives no pictures, as it is told to people and programs. A plain value.
#pragma once

#include <string>

#include "camera/driver.hpp"

namespace onlooker::camera {

struct Fault {
    ErrorKind kind = ErrorKind::failed;
    std::string words;
    Retry retry = Retry::harmless;
    bool operator==(const Fault&) const = default;
};

}  // namespace onlooker::camera
