// A viewer as its camera knows it: present, and countable. The camera is open while one is there.
//
// Owner: the stream or snapshot that looks. Thread: the loop. It must go before its camera.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "camera/frame_rate.hpp"

namespace onlooker::camera {

class Camera;

class Viewing {
  public:
    using Clock = std::chrono::steady_clock;

    // What /state tells of a viewer, in uStreamer's words.
    struct Description {
        std::string key;
        bool extra_headers = false;
        bool advance_headers = false;
        bool dual_final_frames = false;
        bool zero_data = false;
        std::string via;     // through which relays it looks; see endpoints/loop_guard.hpp
        std::string format;  // "length", "ahead", "padded"; empty for a snapshot
    };

    Viewing(Camera& camera, Description description);
    Viewing(const Viewing&) = delete;
    Viewing& operator=(const Viewing&) = delete;
    ~Viewing();

    // Unguessable and unique while the program runs; 16 hexadecimal digits.
    const std::string& id() const noexcept { return id_; }
    const Description& description() const noexcept { return description_; }

    // One more frame went out whole, at `now`: not one that went out before.
    void count_frame(Clock::time_point now) noexcept {
        ++frames_;
        rate_.frame(now);
    }
    // Frames per second that went out lately.
    double rate(Clock::time_point now) const noexcept { return rate_.at(now); }

    std::uint64_t frames() const noexcept { return frames_; }

  private:
    friend class Camera;

    // What each frame touches, first: see Stream.
    std::uint64_t frames_ = 0;
    FrameRate rate_;
    Camera& camera_;
    Description description_;
    std::string id_;
    // The camera's list of those who look at it.
    Viewing* previous_ = nullptr;
    Viewing* next_ = nullptr;
};

}  // namespace onlooker::camera
