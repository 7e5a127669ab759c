// What a driver ends with that must end by an error, whatever pictures it gives before.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>

#include "camera/driver.hpp"
#include "support/fake_capture_context.hpp"

namespace onlooker::test {

inline camera::CameraError error_of(camera::Driver& driver) {
    FakeCaptureContext context;
    auto frames = driver.frames(context);
    try {
        while (frames.next() != nullptr) {
        }
    } catch (const camera::CameraError& error) {
        return error;
    }
    FAIL("it ended without an error");
    std::abort();
}

}  // namespace onlooker::test
