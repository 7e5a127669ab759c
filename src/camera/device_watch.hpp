// Tells when a file appears, by inotify: a camera that was plugged in is opened at once rather than
// at the next turn of the back-off.
//
// The folder of the file may itself be missing (udev makes /dev/v4l/by-id with the first camera):
// then the nearest existing folder above it is watched, and the watch moves down as folders appear.
//
// Owner: the camera. Thread: the loop.
#pragma once

#include <asio/posix/basic_stream_descriptor.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/awaitable.hpp"

namespace onlooker::camera {

class DeviceWatch {
  public:
    // `appeared` is called on the loop each time the path appears or its attributes change (udev
    // grants access after it has made the node). A path that ends with '/' stands for anything in
    // that folder.
    DeviceWatch(Executor executor, std::string path, std::function<void()> appeared);
    DeviceWatch(const DeviceWatch&) = delete;
    DeviceWatch& operator=(const DeviceWatch&) = delete;
    ~DeviceWatch();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace onlooker::camera
