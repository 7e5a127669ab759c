// What camera_relay.so shows to the program.
#include "camera/driver.hpp"
#include "relay/relay_driver.hpp"

extern "C"
    [[gnu::visibility("default")]] const onlooker::camera::DriverModule onlooker_driver_module{
        onlooker::camera::driver_interface, &onlooker::drivers::relay::entry};
