// The driver module under test, loaded as the program loads it.
#pragma once

#include <dlfcn.h>

#include <doctest/doctest.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "camera/driver.hpp"
#include "tests/support/fake_capture_context.hpp"

namespace onlooker::test {

inline camera::DriverEntry entry;

// The first argument is the module's path. False, with a word, when it cannot be used.
inline bool load_module(int argc, char** argv) {
    void* module = argc < 2 ? nullptr : ::dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    const void* symbol = module == nullptr ? nullptr : ::dlsym(module, "onlooker_driver_module");
    if (symbol == nullptr) {
        std::fprintf(stderr, "no module: %s\n", argc < 2 ? "give its path" : ::dlerror());
        return false;
    }
    entry = static_cast<const camera::DriverModule*>(symbol)->entry();
    return true;
}

inline std::unique_ptr<camera::Driver> make(std::string source,
                                            std::map<std::string, std::string> values = {}) {
    return entry.make(
        {.camera_name = "test", .source = std::move(source), .values = std::move(values)});
}

// What `pictures` end with; the pictures before are passed over.
inline camera::ErrorKind failure_of(Generator<camera::Captured>& pictures, std::string& words) {
    try {
        while (pictures.next() != nullptr) {
        }
    } catch (const camera::CameraError& error) {
        words = error.what();
        return error.kind();
    }
    FAIL("no error");
    return camera::ErrorKind::failed;
}

inline camera::ErrorKind failure_of(camera::Driver& driver, std::string& words) {
    FakeCaptureContext context;
    auto pictures = driver.frames(context);
    return failure_of(pictures, words);
}

inline bool mentions(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace onlooker::test
