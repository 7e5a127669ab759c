// What the program itself does to a camera's pictures before anybody is sent one: the keys rotate,
// flip, crop, grey, scale, size, lossless and overlay of --camera.
//
//     bed=v4l2:/dev/video0,rotate=90,crop=100:50:640:480,overlay=1
//
// A key that the driver has itself (size of most of them) is the driver's: the device does for
// nothing what costs us a decode and an encode for each picture. So whose a key is can be told only
// once the driver is known. Where any other key is a control of the device, `ctrl.rotate` names the
// control.
//
// Pure; any thread. Errors: ValueError, with the key and what was expected.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "camera/driver.hpp"
#include "media/recipe.hpp"

namespace onlooker::app {

struct CameraKeys {
    media::Recipe recipe;                       // plain: pictures stay as they are
    std::map<std::string, std::string> values;  // for the driver
};

CameraKeys split_keys(const CameraOption& camera, const camera::DriverEntry& driver);

// The keys that the program takes beside that driver's own, for --help DRIVER.
std::vector<std::string_view> picture_keys_beside(const camera::DriverEntry& driver);

}  // namespace onlooker::app
