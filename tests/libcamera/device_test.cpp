// The module camera_libcamera.so with cameras of the kernel, in a virtual machine: the virtual
// media controller (suite vimc) and a real USB camera of our own making (suite uvc).
//
//     libcamera-device-test MODULE -ts=uvc
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "tests/libcamera/module.hpp"

int main(int argc, char** argv) {
    return onlooker::test::load_module(argc, argv) ? doctest::Context(argc - 1, argv + 1).run() : 2;
}
