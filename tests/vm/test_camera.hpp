// The test camera of the guest scripts, from the test's side: CAMERA_PID is its process, PICTURES
// the folder with what it sends.
#pragma once

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

namespace onlooker::test {

inline std::string setting(const char* name) {
    const char* value = std::getenv(name);
    if (!value)
        throw std::runtime_error(std::string("the guest script sets no ") + name);
    return value;
}

// SIGUSR1: silence, or pictures again. SIGUSR2: a broken frame. SIGHUP: one cut off.
inline void signal_camera(int number) {
    ::kill(static_cast<pid_t>(std::stol(setting("CAMERA_PID"))), number);
}

inline std::set<std::string> sent_pictures() {
    std::set<std::string> pictures;
    for (const auto& file : std::filesystem::directory_iterator(setting("PICTURES"))) {
        std::ifstream stream(file.path(), std::ios::binary);
        pictures.emplace(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    return pictures;
}

// The kernel's way to pull the plug of a USB device, and to put it in again.
inline void plug(bool in) {
    std::ofstream("/sys/bus/usb/devices/1-1/authorized") << (in ? "1" : "0") << std::flush;
}

}  // namespace onlooker::test
