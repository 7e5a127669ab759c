// The driver as its tests make it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "camera/driver.hpp"
#include "opencv/opencv_driver.hpp"

namespace onlooker::test {

using Values = std::map<std::string, std::string>;

inline std::unique_ptr<camera::Driver> opencv(const std::string& source, Values values = {}) {
    return drivers::opencv::entry().make(
        {.camera_name = "eye", .source = source, .values = std::move(values)});
}

}  // namespace onlooker::test
