// What is done to the USB camera of the virtual machine from outside: commands in the environment,
// UVC_STALL, UVC_RESUME, UVC_UNPLUG, UVC_REPLUG. UVC_PICTURES is the folder of what it shows,
// UVC_SETTINGS the file in which it writes down each control that is set in it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "camera/driver.hpp"
#include "tests/support/fake_capture_context.hpp"

namespace onlooker::test {

inline void act(const char* name) {
    const char* command = std::getenv(name);
    REQUIRE(command != nullptr);
    REQUIRE(std::system(command) == 0);
}

inline std::vector<std::string> fed_pictures() {
    std::vector<std::string> pictures;
    const char* folder = std::getenv("UVC_PICTURES");
    REQUIRE(folder != nullptr);
    for (const auto& picture : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(picture.path(), std::ios::binary);
        pictures.emplace_back(std::istreambuf_iterator<char>(file),
                              std::istreambuf_iterator<char>());
    }
    return pictures;
}

// Every setting of a control that the camera received, oldest first.
inline std::vector<long> received_by_camera(const std::string& name) {
    const char* path = std::getenv("UVC_SETTINGS");
    REQUIRE(path != nullptr);
    std::ifstream file(path);
    std::vector<long> values;
    std::string control;
    for (long value = 0; file >> control >> value;)
        if (control == name)
            values.push_back(value);
    return values;
}

inline bool has_received(const std::string& name, long value) {
    const auto values = received_by_camera(name);
    return !values.empty() && values.back() == value;
}

// The camera may pad a picture by an octet, as real ones do.
inline bool is_one_of(const media::JpegImage& image, const std::vector<std::string>& pictures) {
    return std::ranges::any_of(pictures, [&](const std::string& picture) {
        return image.data.size() >= picture.size() && image.data.size() <= picture.size() + 1 &&
               std::memcmp(image.data.data(), picture.data(), picture.size()) == 0;
    });
}

// The camera's first picture, as the server would get it: this one at times refuses a request, like
// others on a busy bus, and is then tried again.
inline Generator<camera::Captured> begin(camera::Driver& driver, FakeCaptureContext& context) {
    for (int attempt = 0;; ++attempt) {
        auto pictures = driver.frames(context);
        try {
            const bool began = pictures.next() != nullptr;
            REQUIRE(began);
            return pictures;
        } catch (const camera::CameraError& error) {
            if (error.kind() != camera::ErrorKind::failed || attempt == 10)
                throw;
            MESSAGE("tried again: " << std::string(error.what()));
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
    }
}

}  // namespace onlooker::test
