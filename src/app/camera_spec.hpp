// The one-line description of a camera:
//
//     [NAME=]DRIVER[:SOURCE][,key=value]...
//
//     v4l2:/dev/video0
//     bed=v4l2:/dev/video0,size=1280x720,fps=30
//     esp=relay:http://192.0.2.7:81/stream?a=1&b=2
//     folder=emulated:/srv/a\,b,fps=30
//     v4l2:/dev/video0,ctrl.power_line_frequency=50_hz
//
// NAME= counts only when its '=' comes before the first ':' and ','. SOURCE runs to the first comma
// that is followed by `key=`, so most commas in it need no care; `\,` is always a plain comma.
// Behind the first `,key=` each comma separates. A comma inside the password of a URL never does.
//
// Errors: they repeat nothing that may be a piece of a password which was cut at a comma, a
// semicolon or a blank.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/camera_name.hpp"
#include "app/options.hpp"

namespace onlooker::app {

// What is wrong with a value, without its place: "expected ...".
class ValueError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

// The camera's name stays empty when none was written. Throws ValueError.
CameraOption parse_camera(std::string_view spec);

// `spec` for an error, without its secrets.
std::string shown_spec(std::string_view spec);

// Gives each camera without a name the first free one of camera, camera2, camera3, ...; throws
// ValueError when two have the same name.
void name_cameras(std::vector<CameraOption>& cameras);

}  // namespace onlooker::app
