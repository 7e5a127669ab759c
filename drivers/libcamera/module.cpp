// camera_libcamera.so: the driver as the program loads it.

#include "libcamera/control_values.hpp"
#include "libcamera/driver.hpp"
#include "libcamera/listing.hpp"
#include "libcamera/settings.hpp"

namespace {

using namespace onlooker;

std::unique_ptr<camera::Driver> make(const camera::DriverOptions& options) {
    using namespace drivers::libcamera_driver;
    return std::make_unique<LibcameraDriver>(parse_options(options, is_libcamera_control));
}

camera::DriverEntry entry() {
    return {.name = "libcamera",
            .summary = "Raspberry Pi cameras and all others that libcamera knows (alias pi)",
            .make = make,
            .list = drivers::libcamera_driver::list_cameras,
            .source =
                "The place in --list-cameras from 0, the id, the model, or a part of either "
                "that only one camera has; nothing: the first camera.",
            .options = drivers::libcamera_driver::option_descriptions(),
            .other_keys =
                "Any other key is a control of the camera, named as --list-cameras names it: "
                "exposure_time=10000, awb_mode=daylight."};
}

}  // namespace

extern "C"
    [[gnu::visibility("default")]] const onlooker::camera::DriverModule onlooker_driver_module{
        onlooker::camera::driver_interface, &entry};
