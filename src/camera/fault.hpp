// Why a camera gives no pictures, as it is told to people and programs. A plain value.
#pragma once

#include <cstddef>
#include <string>

#include "camera/driver.hpp"

namespace onlooker::camera {

// Of the words, where they are told. What to do stands at their end, behind a URL and a library's
// own words.
inline constexpr std::size_t longest_fault = 500;

struct Fault {
    ErrorKind kind = ErrorKind::failed;
    std::string words;
    Retry retry = Retry::harmless;
    bool operator==(const Fault&) const = default;
};

}  // namespace onlooker::camera
