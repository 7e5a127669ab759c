// Where finished requests change threads: from libcamera's, which must never wait, to the capture
// thread, which may be busy with a picture for long.
//
//        libcamera's thread                         capture thread
//     requestCompleted -> put() --[ one place ]--> take(), poll(descriptor())
//                           |                        |
//                           +---- parked ----------> take_parked()
//
// The place holds the newest finished request. What it displaces, a picture that nobody will see,
// goes back to the camera at once, so that the camera never runs out of buffers and the next
// picture is fresh; unless the camera is one that gives pictures without end (the virtual pipeline
// of 0.4), which would then keep a processor busy: those are parked until the capture thread comes.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/wake_fd.hpp"

namespace libcamera {
class Request;
}

namespace onlooker::drivers::libcamera_driver {

class Completions {
  public:
    enum class Outcome : std::uint8_t {
        picture,
        unready,  // taken while the camera was still finding its exposure
        broken,   // the device says that the picture is damaged
        refused,  // the camera did not take the request
    };
    struct Finished {
        libcamera::Request* request = nullptr;
        Outcome outcome = Outcome::picture;
        SteadyTime time{};
    };

    // Gives a request back to the camera; must not wait. Called with the lock held.
    using GiveBack = std::function<void(libcamera::Request*)>;

    explicit Completions(GiveBack give_back);

    // libcamera's thread.
    void put(const Finished& finished);
    void set_removed();

    // Capture thread.
    std::optional<Finished> take();
    std::vector<libcamera::Request*> take_parked();
    bool removed() const;
    // From here on put() does nothing.
    void close();
    // Readable while there is something to take.
    int descriptor() const noexcept { return wake_.get(); }

    // The shortest time between two pictures of a camera that keeps time at all.
    static constexpr std::chrono::milliseconds least_period{2};

  private:
    GiveBack give_back_;
    WakeFd wake_;
    mutable std::mutex mutex_;
    bool open_ = true;
    bool removed_ = false;
    std::optional<Finished> newest_;
    // Not pictures: these must reach the capture thread each, for it alone can count and wait.
    std::vector<Finished> faults_;
    std::vector<libcamera::Request*> parked_;
    SteadyTime last_{};
};

}  // namespace onlooker::drivers::libcamera_driver
