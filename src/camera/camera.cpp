#include "camera/camera.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/heap.hpp"
#include "base/logging.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "camera/device_watch.hpp"
#include "camera/fault.hpp"

namespace onlooker::camera {

Camera::Camera(Executor executor, Settings settings, DriverFactory make_driver)
    : executor_(executor),
      settings_(std::move(settings)),
      make_driver_(std::move(make_driver)),
      driver_(make_driver_()),
      supervision_([&] {
          settings_.supervision.nominal_rate = driver_->nominal_rate();
          return settings_.supervision;
      }()),
      events_(executor),
      feed_(executor, settings_.name, settings_.feed, [this] { on_viewers(); }),
      cards_(executor, settings_.capture,
             [this](media::FramePtr card) {
                 if (supervision_.wants_card())
                     feed_.publish(std::move(card));
             }),
      control_wishes_(settings_.kept_controls),
      timer_(executor, [this] { on_time(); }),
      closed_(executor, SteadyTime::max()) {
    // An always-on camera opens although nobody came.
    obey(supervision_.on_viewers(0, RunningClock::now()));
}

// The feed asserts that nobody looks any more.
Camera::~Camera() = default;

bool Camera::live() const noexcept {
    return state() == Supervision::State::live || state() == Supervision::State::lingering;
}

double Camera::captured_rate(SteadyTime now) const noexcept {
    if (!settings_.capture.same.on())
        return feed_.rate(now);
    return live() ? captured_rate_.at(now) : 0;
}

void Camera::on_viewers() noexcept {
    events_.tell(CameraEvents::Topic::viewers);
    // Whoever comes may have asked for a picture that is taken from now on.
    if (std::exchange(known_viewers_, feed_.viewers()) < feed_.viewers() && capture_)
        capture_->want_taken_after(SteadyClock::now());
    try {
        obey(supervision_.on_viewers(feed_.viewers(), RunningClock::now()));
    } catch (const std::exception& error) {
        // Without memory what was to be done is left undone; the next viewer, or the next time that
        // supervision looks, brings it about.
        logs_.faults.write(spdlog::level::err, "camera {}: {}", name(), error.what());
    }
}

void Camera::on_delivery(Delivery delivery) {
    assert(loop_.is_here() && capture_);
    if (delivery.controls)
        on_controls(std::move(*delivery.controls));
    for (const std::string& words : delivery.warnings)
        warnings_.write(name(), words, SteadyClock::now());
    counts_.losses = losses_before_;
    counts_.losses += delivery.losses;
    if (delivery.broken)
        on_broken(*delivery.broken, delivery.frame != nullptr);
    if (settings_.capture.same.on())
        on_same(delivery.same, delivery.frame != nullptr);
    if (delivery.frame)
        on_frame(std::move(delivery.frame));
    if (delivery.silence)
        supervision_.on_silence(std::move(*delivery.silence));
    if (delivery.end)
        on_end(std::move(*delivery.end));
}

void Camera::on_broken(const BrokenPictures& broken, bool frame_follows) {
    refused_ += broken.count;
    if (refusals_.admit(broken.why, SteadyClock::now())) {
        const std::uint64_t count = std::exchange(refused_, 0);
        logging::warn("camera {}: {} picture{} not shown, the last one because {}", name(), count,
                      count == 1 ? "" : "s", escaped(broken.why));
    }
    if (!frame_follows)
        supervision_.on_silence("its pictures are refused, the last one because " + broken.why);
}

void Camera::on_same(std::uint64_t count, bool frame_follows) {
    counts_.same += count;
    const SteadyTime now = SteadyClock::now();
    for (std::uint64_t i = 0; i < count + (frame_follows ? 1 : 0); ++i)
        captured_rate_.frame(now);
    if (count == 0 || frame_follows)
        return;
    if (const auto orders = supervision_.on_frame(RunningClock::now()))
        obey(*orders);
}

void Camera::on_controls(std::vector<Control> controls) {
    controls_ = std::move(controls);
    control_wishes_.fit(controls_);
    events_.tell(CameraEvents::Topic::controls);
}

void Camera::on_frame(media::FramePtr frame) {
    const bool resumes = state() == Supervision::State::starting || fault();
    if (const auto orders = supervision_.on_frame(RunningClock::now()))
        obey(*orders);
    if (!live())
        return;  // it was on its way when the driver was asked to stop
    if (resumes)
        logs_.course.write(spdlog::level::info, "camera {}: live, {} x {} pixels", name(),
                           frame->width(), frame->height());
    ++counts_.frames;
    if (const media::FramePtr& before = feed_.picture();
        !before || before->width() != frame->width() || before->height() != frame->height())
        events_.tell(CameraEvents::Topic::size);
    log_frame(*frame);
    feed_.publish(std::move(frame));
}

void Camera::log_frame(const media::Frame& frame) {
    const SteadyTime now = SteadyClock::now();
    const auto age = now - frame.stamps().captured;
    measures_.note(frame, now);
    const std::size_t viewers = feed_.viewers();
    log_.add({
        .number = frame.number(),
        .captured = frame.stamps().wall,
        .age_when_published = static_cast<std::uint32_t>(
            std::max<std::int64_t>(0, std::chrono::round<std::chrono::microseconds>(age).count())),
        .octets = static_cast<std::uint32_t>(frame.jpeg().size()),
        .viewers = static_cast<std::uint32_t>(viewers),
        .late = static_cast<std::uint32_t>(viewers - std::min(viewers, feed_.waiting())),
        .lost = static_cast<std::uint32_t>(counts_.losses.sum() - losses_in_frame_log_),
        .same = static_cast<std::uint32_t>(counts_.same - same_in_frame_log_),
    });
    same_in_frame_log_ = counts_.same;
    losses_in_frame_log_ = counts_.losses.sum();
}

void Camera::on_end(CaptureEnd end) {
    next_number_ = capture_->next_number();
    losses_before_ = counts_.losses;
    capture_.reset();
    std::optional<Fault> fault;
    if (!end.stopped)
        fault = {end.kind, std::move(end.words), end.retry};
    obey(supervision_.on_end(fault, RunningClock::now()));
    if (!capture_)
        return_free_memory();
    closed_.cancel();
}

void Camera::want_planes(bool wanted) {
    assert(loop_.is_here() && (wanted || planes_wanted_ > 0));
    if (wanted)
        ++planes_wanted_;
    else
        --planes_wanted_;
    if (capture_)
        capture_->want_planes(planes_wanted_ > 0);
}

void Camera::change_control(ControlChange change) {
    const bool kept = control_wishes_.keep(change, controls_);
    if (kept && settings_.keep_control)
        settings_.keep_control(change);
    if (capture_)
        capture_->change(std::move(change));
    else if (!kept)
        warnings_.write(name(),
                        fmt::format("control {} cannot be changed while the camera is closed",
                                    change.id.substr(0, 64)),
                        SteadyClock::now());
}

void Camera::obey(const Supervision::Orders& orders) {
    assert(loop_.is_here());
    assert(!orders.open || !capture_ || orders.abandon);
    assert(!orders.stop || capture_);
    if (orders.abandon)
        leave_driver_behind();
    if (orders.stop)
        capture_->stop();
    if (orders.open)
        open_driver();
    tell_changes();
    if (orders.card_again)
        renew_card();
    watch_device();
    timer_.set(supervision_.next_deadline());
    feed_.set_condition(condition());
}

void Camera::leave_driver_behind() {
    logs_.faults.write(spdlog::level::err,
                       "camera {}: its driver did not stop; it is left behind with its device",
                       name());
    capture_->abandon();
    capture_.reset();
    losses_before_ = counts_.losses;
    left_a_driver_behind_ = true;
    driver_ = make_driver_();
    // Numbers that the driver may still have given out are not used again.
    next_number_ += 1'000'000;
    closed_.cancel();
}

void Camera::open_driver() {
    opened_ = true;
    captured_rate_ = {};
    if (!fault())
        logs_.course.write(spdlog::level::info, "camera {}: opening {}", name(), settings_.device);
    std::string why;
    try {
        CaptureThread::Settings settings = settings_.capture;
        settings.first_number = next_number_;
        settings.wants_planes = planes_wanted_ > 0;
        settings.changes = control_wishes_.all();
        // The longest chain of relays through which somebody looks.
        feed_.for_each_viewing([&settings](const Viewing& viewing) {
            if (viewing.description().via.size() > settings.watchers_via.size())
                settings.watchers_via = viewing.description().via;
        });
        capture_ = std::make_unique<CaptureThread>(
            executor_, driver_, static_cast<CaptureThread::Receiver&>(*this), settings);
        return;
    } catch (const std::exception& error) {
        why = error.what();
    }
    // No descriptor, thread or memory is left: one camera's fault like any other, and tried again.
    obey(supervision_.on_end(Fault{ErrorKind::failed, "its thread cannot be started: " + why},
                             RunningClock::now()));
}

void Camera::renew_card() {
    if (!supervision_.wants_card())
        return cards_.end();
    CardDriver::Words words;
    words.camera = name();
    if (fault()) {
        words.kind = fault()->kind;
        words.sentence = fault()->words;
        // Cards are drawn on a thread that has another clock than our deadlines.
        if (const auto retry = supervision_.retry_at())
            words.retry_at = SteadyClock::now() + (*retry - RunningClock::now());
    }
    if (const media::FramePtr& picture = feed_.picture()) {
        words.width = picture->width();
        words.height = picture->height();
    }
    cards_.show(std::move(words));
}

void Camera::tell_changes() {
    const Supervision::State now = state();
    if (fault() != announced_fault_) {
        announced_fault_ = fault();
        events_.tell(CameraEvents::Topic::fault);
    }
    if (fault() && fault() != told_fault_)
        tell_fault();
    if (now == Supervision::State::idle && told_state_ != Supervision::State::idle) {
        // Who comes while it waits after a refused login does not open it.
        if (std::exchange(opened_, false))
            logs_.course.write(spdlog::level::info, "camera {}: closed, nobody is looking", name());
        feed_.clear();
    }
    // Nor when it is closed and opened meanwhile.
    if (fault() || live())
        told_fault_ = fault();
    if (now != told_state_)
        events_.tell(CameraEvents::Topic::state);
    told_state_ = now;
}

// Once, however often it is tried again.
void Camera::tell_fault() {
    ++counts_.faults;
    const auto retry = supervision_.retry_at();
    const std::chrono::duration<double> wait =
        retry ? *retry - RunningClock::now() : SteadyClock::duration::zero();
    logs_.faults.write(spdlog::level::warn, "camera {}: {}: {}{}", name(), to_string(fault()->kind),
                       escaped(fault()->words, longest_fault),
                       retry
                           ? fmt::format("; trying again in {:.1f} s, {}",
                                         std::max(0.0, wait.count()), supervision_.retry_outlook())
                           : "");
}

Feed::Condition Camera::condition() const {
    return {.live = live(),
            .hopeless = closing_ || state() == Supervision::State::faulted,
            .over = retired_,
            .fault = fault(),
            .picture_until = live() ? SteadyTime::max() : supervision_.picture_until()};
}

void Camera::change(Settings settings, DriverFactory make_driver, bool again) {
    assert(loop_.is_here() && settings.name == name());
    std::unique_ptr<Driver> driver = make_driver();
    settings.supervision.nominal_rate = driver->nominal_rate();
    settings_ = std::move(settings);
    make_driver_ = std::move(make_driver);
    if (again) {
        driver_ = std::move(driver);
        // So that the log does not say that it closes for want of viewers.
        opened_ = false;
    }
    obey(supervision_.change(settings_.supervision, again, RunningClock::now()));
}

void Camera::retire() {
    retired_ = true;
    close();
}

void Camera::close() {
    closing_ = true;
    obey(supervision_.close(RunningClock::now()));
}

Awaitable<bool> Camera::wait_closed(SteadyTime limit) {
    while (capture_ && RunningClock::now() < limit) {
        closed_.expires_at(limit);
        co_await closed_.async_wait(as_result);
    }
    co_return !capture_ && !left_a_driver_behind_;
}

void Camera::on_time() {
    obey(supervision_.on_time(RunningClock::now()));
}

void Camera::watch_device() {
    const bool waits = state() == Supervision::State::faulted && !supervision_.driver_runs();
    if (!waits) {
        device_watch_.reset();
        return;
    }
    const std::string path = driver_->watch_path();
    if (path.empty() || device_watch_)
        return;
    device_watch_ = std::make_unique<DeviceWatch>(
        executor_, path, [this] { obey(supervision_.on_device_appeared(RunningClock::now())); });
}

}  // namespace onlooker::camera
