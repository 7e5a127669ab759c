// What camera_opencv.so shows to the program.
#include "camera/driver.hpp"
#include "opencv/opencv_driver.hpp"

extern "C"
    [[gnu::visibility("default")]] const onlooker::camera::DriverModule onlooker_driver_module{
        onlooker::camera::driver_interface, &onlooker::drivers::opencv::entry};
