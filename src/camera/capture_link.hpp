// What a capture thread and the loop share: both crossings of capture_thread.hpp, and nothing else
// of the program sees it.
//
// Owner: both threads, so that neither outlives it. Thread: as said at each.
#pragma once

#include <atomic>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/one_thread.hpp"
#include "camera/capture_thread.hpp"
#include "camera/driver.hpp"
#include "camera/frame_maker.hpp"
#include "camera/same_pictures.hpp"
#include "camera/stop_signal.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

class EncodeWorkers;

// Everything below `mutex` is guarded by it.
struct CaptureThread::Link final : CaptureContext, std::enable_shared_from_this<Link> {
    Link(Executor loop, Receiver& first_receiver, const Settings& its_settings)
        : executor(loop),
          settings(its_settings),
          wants_planes(its_settings.wants_planes),
          receiver(&first_receiver),
          changes(its_settings.changes),
          next_number(its_settings.first_number) {
        if (!changes.empty())
            signal.wake();
    }

    // CaptureContext, on the capture thread.
    bool stop_requested() const noexcept override { return signal.stopped(); }
    int stop_descriptor() const noexcept override { return signal.descriptor(); }
    bool sleep_until(SteadyTime time) override {
        assert(capture_thread.is_here());
        return signal.sleep_until(time);
    }
    std::vector<ControlChange> take_control_changes() override;
    void report_controls(std::vector<Control> reported) override;
    void warn(std::string_view words) override;
    void explain_silence(std::string_view words) override;
    std::string watchers_via() const override { return settings.watchers_via; }

    // On the capture thread.
    void run(Driver& driver);
    CaptureEnd capture_to_the_end(Driver& driver);
    void capture(Driver& driver);
    // False: it is not for them, and is to be made into a frame here.
    bool encode_beside(const Captured& captured, std::uint64_t number, EncodeWorkers& workers);
    bool holds_back(const Captured& captured, SteadyTime taken);
    void tell_same();
    void accept(FrameMaker::Result made);
    void finish(CaptureEnd how);
    // On either of its threads, under the lock.
    void post_delivery(std::unique_lock<std::mutex> lock);
    bool may_tell_broken(SteadyTime now) const noexcept;

    // On the loop.
    void deliver();

    [[no_unique_address]] OneThread capture_thread;
    const Executor executor;
    const Settings settings;
    StopSignal signal;
    std::atomic<SteadyTime> wanted_after{SteadyTime::min()};
    std::atomic<bool> wants_planes;

    // On the capture thread; nothing unless pictures are to be held back.
    std::optional<SamePictures> same;
    // Set by an encode worker, whose result comes later.
    std::atomic<bool> last_is_unusable = false;

    std::mutex mutex;
    Receiver* receiver;  // null: abandoned, or told the end
    bool delivery_is_posted = false;
    Delivery parcel;  // the mailbox
    Losses losses;
    std::string broken_why;
    std::uint64_t broken_told = 0;  // of losses.broken
    SteadyTime broken_told_at{};
    bool ended = false;
    std::vector<ControlChange> changes;
    std::uint64_t next_number;
};

}  // namespace onlooker::camera
