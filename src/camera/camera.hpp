// One camera: the supervision of its driver, and the feed that its pictures are published to.
//
//     CaptureThread --on_delivery--> Camera --publish--> Feed --> viewers
//                                      |
//                                 Supervision (when to open, close, retry; when to show a card)
//
// Owner: the App. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/lazy_timer.hpp"
#include "base/limited_log.hpp"
#include "base/one_thread.hpp"
#include "camera/camera_events.hpp"
#include "camera/capture_thread.hpp"
#include "camera/card_source.hpp"
#include "camera/control_wishes.hpp"
#include "camera/driver.hpp"
#include "camera/fault.hpp"
#include "camera/feed.hpp"
#include "camera/frame_log.hpp"
#include "camera/frame_rate.hpp"
#include "camera/measures.hpp"
#include "camera/repeated_warning.hpp"
#include "camera/supervision.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

class DeviceWatch;

class Camera final : private CaptureThread::Receiver {
  public:
    struct Settings {
        std::string name;    // part of the URLs: [A-Za-z0-9_-]
        std::string title;   // for people; any text
        std::string driver;  // its name
        std::string device;  // for the log, without secrets: "v4l2:/dev/video0"
        Supervision::Settings supervision;
        CaptureThread::Settings capture;
        Feed::Settings feed;
        // Controls that users set in an earlier run; and who is told of those that they set in this
        // one, for the next.
        std::vector<ControlChange> kept_controls;
        std::function<void(const ControlChange&)> keep_control;
    };

    using DriverFactory = std::function<std::unique_ptr<Driver>()>;

    // Opens nothing unless it is always on. Throws DriverOptionError.
    Camera(Executor executor, Settings settings, DriverFactory make_driver);
    Camera(const Camera&) = delete;
    Camera& operator=(const Camera&) = delete;
    ~Camera();

    const std::string& name() const noexcept { return settings_.name; }
    const Settings& settings() const noexcept { return settings_; }

    // What it shows. The camera is open while somebody looks at it.
    Feed& feed() noexcept { return feed_; }
    const Feed& feed() const noexcept { return feed_; }

    // What happens to it, to be subscribed to.
    CameraEvents& events() noexcept { return events_; }

    // For the status.
    Supervision::State state() const noexcept { return supervision_.state(); }
    const std::optional<Fault>& fault() const noexcept { return supervision_.fault(); }
    // Pictures come.
    bool live() const noexcept;
    // So many of its drivers hang that no further one is tried: only a new process helps.
    bool given_up() const noexcept { return supervision_.given_up(); }
    const FrameLog& frame_log() const noexcept { return log_; }
    const std::vector<Control>& controls() const noexcept { return controls_; }
    // Since the start.
    struct Counts {
        std::uint64_t frames = 0;  // published
        std::uint64_t same = 0;    // pictures that showed nothing new, and were held back
        Losses losses;
        std::uint64_t faults = 0;  // that were told
    };
    const Counts& counts() const noexcept { return counts_; }
    const Measures& measures() const noexcept { return measures_; }
    // Something was made of one of its pictures.
    void note_variant(std::chrono::nanoseconds making) noexcept { measures_.variants.add(making); }
    // Frames per second that the camera gives, published or held back; as Feed::rate().
    double captured_rate(SteadyTime now) const noexcept;

    // Counted by whoever makes something of this camera's pictures: while it is more than nobody,
    // the frames of a raw camera have their planes, which are cheaper to have than to decode.
    void want_planes(bool wanted);

    // Now if the camera is open, and each time that it is opened from now on; a button only now.
    void change_control(ControlChange change);
    // What was changed of it does not hold any more when the camera is opened again.
    void forget_control(const std::string& id) { control_wishes_.forget(id); }

    // Other settings, under the same name. `again`: it is opened once more, by a driver of the new
    // kind; whoever looks goes on looking. Otherwise only those of its supervision count. Throws
    // DriverOptionError before anything has changed.
    void change(Settings settings, DriverFactory make_driver, bool again);

    // For good: asks the driver to stop, and wakes everybody who waits.
    void close();
    // The same, and those who look are to leave: this camera goes, and the program goes on.
    void retire();
    // True when the driver has released its device. False at `limit`, and once a driver was left
    // behind, whose thread may run for as long as the program does.
    Awaitable<bool> wait_closed(SteadyTime limit);

  private:
    // CaptureThread::Receiver
    void on_delivery(Delivery delivery) override;

    void on_viewers() noexcept;
    void on_controls(std::vector<Control> controls);
    void on_broken(const BrokenPictures& broken, bool frame_follows);
    void on_same(std::uint64_t count, bool frame_follows);
    void on_frame(media::FramePtr frame);
    void on_end(CaptureEnd end);
    void on_time();

    void obey(const Supervision::Orders& orders);
    void open_driver();
    void leave_driver_behind();
    void renew_card();
    void log_frame(const media::Frame& frame);
    void tell_changes();
    void tell_fault();
    Feed::Condition condition() const;
    void watch_device();

    [[no_unique_address]] OneThread loop_;
    Executor executor_;
    Settings settings_;
    DriverFactory make_driver_;
    std::shared_ptr<Driver> driver_;
    Supervision supervision_;
    CameraEvents events_;
    Feed feed_;
    FrameLog log_;
    // Devices that come and go, and viewers that make a camera open and close, must not fill the
    // log.
    struct Logs {
        static constexpr LogLimit::Rate rate{.at_once = 15, .interval = std::chrono::seconds(5)};
        LimitedLog course{rate};  // opening, live, closed
        LimitedLog faults{rate};
    } logs_;
    RepeatedWarning warnings_;   // of the driver
    RepeatedWarning refusals_;   // of its pictures
    std::uint64_t refused_ = 0;  // pictures, since the log told of them

    bool closing_ = false;
    bool retired_ = false;
    bool opened_ = false;  // since it was idle
    std::unique_ptr<CaptureThread> capture_;
    CardSource cards_;
    std::unique_ptr<DeviceWatch> device_watch_;
    std::uint64_t next_number_ = 1;
    Counts counts_;
    Measures measures_;
    Losses losses_before_;                   // those of the captures before this one
    std::uint64_t losses_in_frame_log_ = 0;  // of counts_.losses
    std::uint64_t same_in_frame_log_ = 0;    // of counts_.same
    FrameRate captured_rate_;                // while pictures may be held back
    std::size_t known_viewers_ = 0;
    unsigned planes_wanted_ = 0;  // by so many
    std::vector<Control> controls_;
    ControlWishes control_wishes_;
    bool left_a_driver_behind_ = false;
    // As the log and the subscribers have it.
    Supervision::State told_state_ = Supervision::State::idle;
    std::optional<Fault> told_fault_;  // an unchanged fault is logged once
    std::optional<Fault> announced_fault_;

    LazyTimer timer_;
    Timer closed_;
};

}  // namespace onlooker::camera
