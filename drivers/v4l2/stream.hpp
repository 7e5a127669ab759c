// A running stream: waits for the device and for the program at once, and picks the newest picture.
//
// Thread: the capture thread. Errors are CameraError.
#pragma once

#include <cstdint>
#include <optional>

#include "base/pace.hpp"
#include "camera/driver.hpp"
#include "v4l2/buffers.hpp"
#include "v4l2/stream_format.hpp"

namespace onlooker::drivers::v4l2 {

class Stream {
  public:
    Stream(const Device& device, const StreamFormat& format, const Settings& settings);

    enum class Event : std::uint8_t {
        picture,  // the next picture may be there: newest()
        context,  // stop_descriptor() is readable
        changed,  // the source's picture changed: agree on the format again
    };

    // Takes back the picture that was lent, and sleeps until something happens, for as long as it
    // takes: the context's descriptor wakes it, and a camera that is silent for too long is for
    // supervision to judge.
    Event wait(const camera::CaptureContext& context);

    // The newest whole picture that is ready, or nothing. Older ones are given back and counted as
    // lost: they were taken while the thread was busy, and showing them would only add delay. The
    // picture is lent until the next wait().
    std::optional<camera::Captured> newest();

  private:
    std::optional<Filled> take_newest();
    void count_gap(std::uint32_t sequence);

    const Device& device_;
    const StreamFormat& format_;
    Buffers buffers_;
    Pace pace_;
    std::optional<Filled> lent_;
    std::optional<std::uint32_t> last_sequence_;
    std::uint32_t lost_ = 0;
    bool shown_ = false;  // a first picture was
};

}  // namespace onlooker::drivers::v4l2
