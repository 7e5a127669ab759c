// The thread of one camera, and the place where it meets the loop.
//
//        capture thread                                      the loop
//        driver.frames(context) -> FrameMaker  --(1)-->  Receiver::on_delivery
//        context.stop_requested()              <--(2)--  stop(), change(), want_...()
//
// Two crossings and no more, both in capture_link.cpp (stop_signal.hpp is half of the second one;
// encode_workers.hpp stays on the camera's side):
//   (1) a mailbox for one Delivery, with one place for a frame. A newer frame replaces one that has
//       not been fetched yet, which is counted as lost; at most one post is under way. So a loop
//       that is overloaded loses frames and never queues them.
//   (2) a stop flag and a list of control changes, with a descriptor that wakes the driver, and
//       what those who look want: pictures taken from now on, planes.
//
// The thread and the loop share a Link, which outlives both. A driver that never returns is
// abandoned: its thread keeps its half of the Link, can reach nobody any more, and ends with the
// process.
//
// Owner: the camera (or whoever wants pictures). Thread: the loop, unless said otherwise.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "camera/frame_maker.hpp"
#include "camera/same_pictures.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

// Why a capture ended.
struct CaptureEnd {
    bool stopped = false;  // it was asked to
    ErrorKind kind = ErrorKind::failed;
    std::string words;
    Retry retry = Retry::harmless;
};

// What was lost on the way since the capture began. Only grows.
struct Losses {
    std::uint64_t device = 0;  // in the device, says the driver
    std::uint64_t broken = 0;  // not a JPEG that may be shown, or not encodable
    std::uint64_t pace = 0;    // above the highest rate that is let through, or that is encoded
    std::uint64_t loop = 0;    // overtaken in the mailbox by a newer one
    std::uint64_t sum() const noexcept { return device + broken + pace + loop; }
    Losses& operator+=(const Losses& more) noexcept {
        device += more.device;
        broken += more.broken;
        pace += more.pace;
        loop += more.loop;
        return *this;
    }
    bool operator==(const Losses&) const = default;
};

// Pictures that cannot be shown.
struct BrokenPictures {
    std::uint64_t count = 0;  // since they were told last
    std::string why;          // of the last one
};

// What a capture thread hands to the loop in one parcel: all that has come since the parcel before.
struct Delivery {
    media::FramePtr frame;  // the newest; null if none came
    // Up to that frame; up to now without one, and in the last parcel, behind which none is told.
    Losses losses;
    // Pictures since the parcel before that showed nothing new, and were held back.
    std::uint64_t same = 0;
    // Told at most once a second, and at the end.
    std::optional<BrokenPictures> broken;
    std::optional<std::vector<Control>> controls;
    std::vector<std::string> warnings;
    // Why no picture has come since that frame, as far as the driver says.
    std::optional<std::string> silence;
    // In the last parcel: the thread has released the device.
    std::optional<CaptureEnd> end;
};

class CaptureThread {
  public:
    // Called on the loop, never after abandon() or the destructor.
    class Receiver {
      public:
        virtual void on_delivery(Delivery delivery) = 0;

      protected:
        ~Receiver() = default;
    };

    struct Settings {
        FrameMaker::Settings frames{};
        SamePictures::Settings same{};
        std::uint64_t first_number = 1;  // of the first frame
        // Frames that come faster are dropped before they are looked at; 0: no limit.
        double highest_rate = 0;
        // Threads that encode raw pictures beside the capture thread; 0: it does so itself.
        unsigned encode_workers = 0;
        std::string watchers_via{};  // see CaptureContext
        bool makes_cards = false;    // the frames are cards of ours, not pictures
        bool wants_planes = false;   // as if by want_planes()
        // These wait for the driver when it starts, as if by change().
        std::vector<ControlChange> changes{};
    };

    // Starts the thread. `driver` is used there and must not be used elsewhere until the end was
    // delivered.
    CaptureThread(Executor executor, std::shared_ptr<Driver> driver, Receiver& receiver,
                  const Settings& settings);
    CaptureThread(const CaptureThread&) = delete;
    CaptureThread& operator=(const CaptureThread&) = delete;
    // Abandons the thread if it has not ended.
    ~CaptureThread();

    // Asks the driver to stop; the end is delivered as soon as it has. May be called again.
    void stop();

    // Hands a control change to the driver.
    void change(ControlChange change);

    // The next picture that was taken after that time is not held back, whatever it shows.
    void want_taken_after(SteadyTime time) noexcept;

    // Whether the frames of raw pictures are to have their planes (Frame::planes).
    void want_planes(bool wanted) noexcept;

    // Gives the thread up: nothing is heard of it again, and its device stays open with it.
    void abandon();

    // The number that the next frame would have had.
    std::uint64_t next_number() const;

    struct Link;

  private:
    std::shared_ptr<Link> link_;
    std::thread thread_;
};

}  // namespace onlooker::camera
