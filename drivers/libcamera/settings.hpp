// What the user wrote behind --camera NAME=libcamera:SOURCE,key=value,... as a plain struct. What
// the keys are called and what they take stands in settings.cpp; any other key is a control that
// --list-cameras shows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"
#include "libcamera/control_table.hpp"
#include "libcamera/formats.hpp"

namespace onlooker::drivers::libcamera_driver {

enum class Role : std::uint8_t { video, viewfinder };

enum class BufferMaker : std::uint8_t {
    automatic,  // the camera's driver, and where it cannot, we
    camera,
    memory,  // we, from ordinary memory
};

struct Flip {
    bool horizontal = false;
    bool vertical = false;
    bool operator==(const Flip&) const = default;
};

struct Settings {
    std::string source;
    WantedPicture picture;
    double rate = 0;  // pictures a second; 0: the camera's own
    Role role = Role::video;
    Flip flip;
    BufferMaker buffers = BufferMaker::automatic;
    std::vector<WantedControl> controls;  // in the order in which they are set
};

// Throws camera::DriverOptionError, which names the key and says what was expected.
// `is_control` knows the ids of all controls that libcamera has.
Settings parse_options(const camera::DriverOptions& options,
                       const std::function<bool(std::string_view)>& is_control);

std::vector<camera::OptionDescription> option_descriptions();

// One camera of several, as they are told apart.
struct CameraName {
    std::string id;
    std::string model;
};

// Which of `cameras` the source means; nothing when none, or when more than one would do.
std::optional<std::size_t> find_camera(const std::vector<CameraName>& cameras,
                                       std::string_view source);

}  // namespace onlooker::drivers::libcamera_driver
