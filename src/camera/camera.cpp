#include "camera/camera.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "camera/device_watch.hpp"

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
      signal_(executor),
      cards_(executor, settings_.capture,
             [this](media::FramePtr card) {
                 if (supervision_.wants_card())
                     publish(std::move(card));
             }),
      timer_(executor, [this] { on_time(); }),
      closed_(executor, Clock::time_point::max()) {
    // An always-on camera opens although nobody came.
    obey(supervision_.viewers(0, Clock::now()));
}

Camera::~Camera() {
    assert(viewings_ == nullptr);
}

void Camera::enter(Viewing& viewing) noexcept {
    viewing.next_ = viewings_;
    if (viewings_ != nullptr)
        viewings_->previous_ = &viewing;
    viewings_ = &viewing;
    ++viewer_count_;
    viewers_changed();
}

void Camera::leave(Viewing& viewing) noexcept {
    if (viewing.previous_ != nullptr)
        viewing.previous_->next_ = viewing.next_;
    else
        viewings_ = viewing.next_;
    if (viewing.next_ != nullptr)
        viewing.next_->previous_ = viewing.previous_;
    --viewer_count_;
    viewers_changed();
}

void Camera::viewers_changed() noexcept {
    try {
        obey(supervision_.viewers(viewer_count_, Clock::now()));
    } catch (const std::exception& error) {
        // Without memory what was to be done is left undone; the next viewer, or the next time that
        // supervision looks, brings it about.
        spdlog::error("camera {}: {}", name(), error.what());
    }
}

void Camera::on_frame(media::FramePtr frame, const Losses& losses) {
    const bool resumes = state() == Supervision::State::starting || fault().has_value();
    if (resumes)
        spdlog::info("camera {}: live, {} x {} pixels", name(), frame->width(), frame->height());
    obey(supervision_.frame(Clock::now()));
    if (!live())
        return;  // it was on its way when the driver was asked to stop
    ++counts_.frames;
    rate_.frame(Clock::now());
    picture_ = frame;
    log_frame(*frame, losses);
    publish(std::move(frame));
}

void Camera::publish(media::FramePtr frame) {
    ++edition_;
    if (frame != showing_)
        frame_edition_ = edition_;
    showing_ = std::move(frame);
    edition_time_ = Clock::now();
    set_timer();
    signal_.wake_all();
}

void Camera::log_frame(const media::Frame& frame, const Losses& losses) {
    const auto age = Clock::now() - frame.stamps().captured;
    log_.add({
        .number = frame.number(),
        .captured = frame.stamps().wall,
        .age_when_published = static_cast<std::uint32_t>(
            std::max<std::int64_t>(0, std::chrono::round<std::chrono::microseconds>(age).count())),
        .octets = static_cast<std::uint32_t>(frame.jpeg().size()),
        .viewers = static_cast<std::uint32_t>(viewer_count_),
        .late =
            static_cast<std::uint32_t>(viewer_count_ - std::min(viewer_count_, signal_.waiting())),
        .lost = losses.sum(),
    });
}

std::optional<Camera::Clock::time_point> Camera::next_frame_due() const noexcept {
    const double frames_per_second = rate(edition_time_);
    if (frames_per_second <= 0 || edition_is_repeat())
        return std::nullopt;
    const std::chrono::duration<double> period(1 / frames_per_second);
    return edition_time_ + std::chrono::duration_cast<Clock::duration>(period);
}

double Camera::rate(Clock::time_point now) const noexcept {
    return live() ? rate_.at(now) : 0;
}

void Camera::on_losses(const Losses& losses) {
    counts_.lost_in_device += losses.device;
    counts_.broken += losses.broken;
    counts_.above_rate += losses.pace;
    counts_.overtaken += losses.loop;
}

void Camera::on_broken(std::uint32_t count, const std::string& why) {
    spdlog::warn("camera {}: {} picture{} not shown, the last one because {}", name(), count,
                 count == 1 ? "" : "s", escaped(why));
}

void Camera::on_controls(std::vector<Control> controls) {
    controls_ = std::move(controls);
    control_wishes_.fit(controls_);
}

void Camera::on_warning(const std::string& words) {
    spdlog::warn("camera {}: {}", name(), escaped(words));
}

void Camera::on_end(CaptureEnd end) {
    next_number_ = capture_->next_number();
    capture_.reset();
    std::optional<Supervision::Fault> fault;
    if (!end.stopped)
        fault = {end.kind, std::move(end.words)};
    obey(supervision_.ended(fault, Clock::now()));
    closed_.cancel();
    // A snapshot need not wait for a picture that will not come.
    if (fault)
        signal_.wake_all();
}

void Camera::change_control(ControlChange change) {
    const bool kept = control_wishes_.keep(change, controls_);
    if (capture_)
        capture_->change(std::move(change));
    else if (!kept)
        spdlog::warn("camera {}: control {} cannot be changed while the camera is closed", name(),
                     escaped(change.id, 64));
}

void Camera::obey(const Supervision::Orders& orders) {
    if (orders.abandon) {
        spdlog::error("camera {}: its driver did not stop; it is left behind with its device",
                      name());
        capture_->abandon();
        capture_.reset();
        left_a_driver_behind_ = true;
        driver_ = make_driver_();
        // Numbers that the driver may still have given out are not used again.
        next_number_ += 1'000'000;
        closed_.cancel();
    }
    if (orders.stop)
        capture_->stop();
    if (orders.open)
        open_driver();
    tell_state_changes();
    if (orders.card_again)
        renew_card();
    watch_device();
    set_timer();
}

void Camera::open_driver() {
    if (!fault())
        spdlog::info("camera {}: opening {}", name(), settings_.device);
    std::string why;
    try {
        CaptureThread::Settings settings = settings_.capture;
        settings.first_number = next_number_;
        settings.changes = control_wishes_.all();
        // The longest chain of relays through which somebody looks.
        for_each_viewing([&settings](const Viewing& viewing) {
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
    obey(supervision_.ended(
        Supervision::Fault{ErrorKind::failed, "its thread cannot be started: " + why},
        Clock::now()));
}

void Camera::renew_card() {
    if (!supervision_.wants_card())
        return cards_.end();
    CardDriver::Words words;
    words.camera = name();
    if (fault()) {
        words.kind = fault()->kind;
        words.sentence = fault()->words;
        words.retry_at = supervision_.retry_at();
    }
    if (picture_) {
        words.width = picture_->width();
        words.height = picture_->height();
    }
    cards_.show(std::move(words));
}

void Camera::tell_state_changes() {
    const Supervision::State now = state();
    if (fault() && fault() != told_fault_) {
        ++counts_.faults;
        const auto retry = supervision_.retry_at();
        const std::chrono::duration<double> wait =
            retry ? *retry - Clock::now() : Clock::duration::zero();
        spdlog::warn("camera {}: {}: {}{}", name(), to_string(fault()->kind),
                     escaped(fault()->words),
                     retry ? fmt::format("; trying again in {:.1f} s, then less often",
                                         std::max(0.0, wait.count()))
                           : "");
    }
    if (now == Supervision::State::idle && told_state_ != Supervision::State::idle) {
        spdlog::info("camera {}: closed, nobody is looking", name());
        // Who comes next shall not see how it was when the last one left.
        showing_.reset();
    }
    // An unchanged fault is told once, however often it is tried again.
    if (now != Supervision::State::starting)
        told_fault_ = fault();
    told_state_ = now;
}

void Camera::close() {
    closing_ = true;
    obey(supervision_.close(Clock::now()));
    signal_.wake_all();
}

Awaitable<bool> Camera::closed(Clock::time_point limit) {
    while (capture_ && Clock::now() < limit) {
        closed_.expires_at(limit);
        co_await closed_.async_wait(as_result);
    }
    co_return !capture_ && !left_a_driver_behind_;
}

std::optional<Camera::Clock::time_point> Camera::next_repeat() const noexcept {
    if (viewer_count_ == 0 || !showing_)
        return std::nullopt;
    return edition_time_ +
           (edition_is_repeat() ? settings_.repeat_every : settings_.repeat_once_after);
}

void Camera::on_time() {
    const auto now = Clock::now();
    obey(supervision_.time_passed(now));
    if (const auto repeat = next_repeat(); repeat && now >= *repeat)
        publish(showing_);
    set_timer();
}

void Camera::set_timer() {
    std::optional<Clock::time_point> next = supervision_.next_deadline();
    if (const auto repeat = next_repeat())
        next = next ? std::min(*next, *repeat) : *repeat;
    timer_.set(next);
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
        executor_, path, [this] { obey(supervision_.retry_now(Clock::now())); });
}

}  // namespace onlooker::camera
