// One camera: its newest frame, who looks at it, and the supervision of its driver.
//
//     CaptureThread --on_frame--> Camera --publish--> FrameSignal --> viewers
//                                   |
//                              Supervision (when to open, close, retry; when to show a card)
//
// What there is to see is an edition: a frame and a count that grows each time something is to be
// sent, be it a newer frame, the same one again, or a card that says why there is none. Viewers
// compare editions, never frames.
//
// The same frame is published again 250 ms after it, if no newer one has come, since Chromium and
// Safari paint a part of format "length" only when the next part's head arrives; and every 5 s, as
// Mainsail and Home Assistant give a silent stream up after 10 s (shared with every viewer, so that
// nobody needs a timer of its own).
//
// Owner: the App. Thread: the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "camera/capture_thread.hpp"
#include "camera/card_source.hpp"
#include "camera/control_wishes.hpp"
#include "camera/driver.hpp"
#include "camera/frame_log.hpp"
#include "camera/frame_rate.hpp"
#include "camera/frame_signal.hpp"
#include "camera/supervision.hpp"
#include "camera/viewing.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

class DeviceWatch;

class Camera final : private CaptureThread::Receiver {
  public:
    using Clock = std::chrono::steady_clock;

    struct Settings {
        std::string name;    // part of the URLs: [A-Za-z0-9_-]
        std::string title;   // for people; any text
        std::string driver;  // its name
        std::string device;  // for the log, without secrets: "v4l2:/dev/video0"
        Supervision::Settings supervision;
        CaptureThread::Settings capture;
        std::chrono::milliseconds repeat_once_after{250};
        std::chrono::milliseconds repeat_every{5'000};
    };

    using DriverFactory = std::function<std::unique_ptr<Driver>()>;

    // Opens nothing unless it is always on. Throws DriverOptionError.
    Camera(Executor executor, Settings settings, DriverFactory make_driver);
    Camera(const Camera&) = delete;
    Camera& operator=(const Camera&) = delete;
    ~Camera();

    const std::string& name() const noexcept { return settings_.name; }
    const Settings& settings() const noexcept { return settings_; }

    // What is to be shown now; null until there is something. Grows by one with each edition.
    const media::FramePtr& showing() const noexcept { return showing_; }
    std::uint64_t edition() const noexcept { return edition_; }
    // The edition with which its frame was shown first; those after it repeat the frame.
    std::uint64_t frame_edition() const noexcept { return frame_edition_; }
    // When the present edition was published: a clock reading that all its viewers can share.
    Clock::time_point edition_time() const noexcept { return edition_time_; }
    FrameSignal& signal() noexcept { return signal_; }
    // When the next frame is to be expected, if they come regularly; nothing otherwise.
    std::optional<Clock::time_point> next_frame_due() const noexcept;

    // The newest picture of the camera itself, never a card, however old; may be null.
    const media::FramePtr& picture() const noexcept { return picture_; }
    // Pictures come.
    bool live() const noexcept {
        return supervision_.state() == Supervision::State::live ||
               supervision_.state() == Supervision::State::lingering;
    }

    // For the status.
    Supervision::State state() const noexcept { return supervision_.state(); }
    const std::optional<Supervision::Fault>& fault() const noexcept { return supervision_.fault(); }
    std::size_t viewers() const noexcept { return viewer_count_; }
    double rate(Clock::time_point now) const noexcept;  // frames per second that came lately
    const FrameLog& frame_log() const noexcept { return log_; }
    const std::vector<Control>& controls() const noexcept { return controls_; }
    // Frames published, and lost on the way, since the start; faults that were told.
    struct Counts {
        std::uint64_t frames = 0;
        std::uint64_t lost_in_device = 0;
        std::uint64_t broken = 0;
        std::uint64_t above_rate = 0;
        std::uint64_t overtaken = 0;
        std::uint64_t faults = 0;
    };
    const Counts& counts() const noexcept { return counts_; }
    template <typename Visitor>
    void for_each_viewing(Visitor visit) const {
        for (const Viewing* viewing = viewings_; viewing != nullptr; viewing = viewing->next_)
            visit(*viewing);
    }

    // Now if the camera is open, and each time that it is opened from now on; a button only now.
    void change_control(ControlChange change);

    // Opens no more, asks the driver to stop, and wakes everybody who waits.
    void close();
    bool closing() const noexcept { return closing_; }
    // Ends when the driver has let go of its device, or at `limit` at the latest; false then.
    // False, too, once a driver was left behind: its thread may run for as long as the program
    // does.
    Awaitable<bool> closed(Clock::time_point limit);

  private:
    friend class Viewing;
    void enter(Viewing& viewing) noexcept;
    void leave(Viewing& viewing) noexcept;
    void viewers_changed() noexcept;

    // CaptureThread::Receiver
    void on_frame(media::FramePtr frame, const Losses& losses) override;
    void on_losses(const Losses& losses) override;
    void on_broken(std::uint32_t count, const std::string& why) override;
    void on_controls(std::vector<Control> controls) override;
    void on_warning(const std::string& words) override;
    void on_end(CaptureEnd end) override;

    void obey(const Supervision::Orders& orders);
    void open_driver();
    void renew_card();
    void publish(media::FramePtr frame);
    void log_frame(const media::Frame& frame, const Losses& losses);
    void tell_state_changes();
    void on_time();
    void set_timer();
    bool edition_is_repeat() const noexcept { return edition_ != frame_edition_; }
    std::optional<Clock::time_point> next_repeat() const noexcept;
    void watch_device();

    Executor executor_;
    Settings settings_;
    DriverFactory make_driver_;
    std::shared_ptr<Driver> driver_;
    Supervision supervision_;
    FrameSignal signal_;
    FrameLog log_;

    media::FramePtr showing_;
    media::FramePtr picture_;
    std::uint64_t edition_ = 0;
    Clock::time_point edition_time_{};
    std::uint64_t frame_edition_ = 0;

    bool closing_ = false;
    Viewing* viewings_ = nullptr;
    std::size_t viewer_count_ = 0;

    std::unique_ptr<CaptureThread> capture_;
    CardSource cards_;
    std::unique_ptr<DeviceWatch> device_watch_;
    std::uint64_t next_number_ = 1;
    Counts counts_;
    std::vector<Control> controls_;
    ControlWishes control_wishes_;
    bool left_a_driver_behind_ = false;
    FrameRate rate_;
    Supervision::State told_state_ = Supervision::State::idle;
    std::optional<Supervision::Fault> told_fault_;

    LazyTimer timer_;
    Timer closed_;
};

}  // namespace onlooker::camera
