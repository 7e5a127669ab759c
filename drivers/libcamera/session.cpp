#include "libcamera/session.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/running_clock.hpp"
#include "libcamera/api.hpp"
#include "libcamera/words.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using namespace std::chrono_literals;
using camera::CameraError;
using camera::ErrorKind;

// For a camera that neither keeps time nor says how fast it is.
constexpr double rate_ceiling = 120;
constexpr auto longest_sleep = 100ms;

std::chrono::nanoseconds boot_clock_ahead() {
    timespec boot{};
    timespec monotonic{};
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    ::clock_gettime(CLOCK_MONOTONIC, &monotonic);
    return std::chrono::seconds(boot.tv_sec - monotonic.tv_sec) +
           std::chrono::nanoseconds(boot.tv_nsec - monotonic.tv_nsec);
}

// When the picture was taken that `request` brought.
SteadyTime time_of(libcamera::Request& request, const libcamera::FrameBuffer& buffer,
                   SteadyTime completed) {
    const auto sensor_time = request.metadata().get(libcamera::controls::SensorTimestamp);
    const std::uint64_t stamp =
        sensor_time ? static_cast<std::uint64_t>(*sensor_time) : buffer.metadata().timestamp;
    return capture_time(stamp, completed, boot_clock_ahead()).value_or(completed);
}

}  // namespace

Session::Acquired::Acquired(std::shared_ptr<libcamera::Camera> camera, const std::string& title)
    : camera_(std::move(camera)) {
    if (const int error = camera_->acquire(); error < 0)
        throw cannot_acquire(title, error);
}

Session::Acquired::~Acquired() {
    camera_->release();
}

Session::Session(std::shared_ptr<Hub> hub, std::shared_ptr<libcamera::Camera> camera,
                 const Settings& settings, camera::CaptureContext& context)
    : hub_(std::move(hub)),
      camera_(std::move(camera)),
      settings_(settings),
      context_(context),
      title_(title_of({camera_->id(), api::model(*camera_)})),
      acquired_(camera_, title_),
      nodes_(api::device_numbers(hub_->manager(), camera_)),
      setup_(*camera_, settings_, title_, context_),
      buffers_(camera_, setup_.configuration(), setup_.format(), settings_.buffers),
      controls_(*camera_),
      requests_(*hub_, *camera_, title_, nodes_, *setup_.stream(), buffers_.all()),
      pace_(pace_of(settings.rate)),
      oldest_(oldest_picture(settings.rate)) {
    prepare_controls();
}

Session::~Session() = default;

void Session::prepare_controls() {
    controls_.want_rate(settings_.rate);
    for (const WantedControl& wanted : settings_.controls)
        controls_.want(wanted, [this](const std::string& words) {
            context_.warn("the camera " + title_ + ": " + words);
        });
    apply_changes();
    if (settings_.rate <= 0) {
        const double rate = controls_.highest_rate() > 0 ? controls_.highest_rate() : rate_ceiling;
        pace_ = pace_of(rate);
        oldest_ = oldest_picture(rate);
    }
    const std::chrono::microseconds exposure(
        static_cast<std::int64_t>(controls_.value(exposure_id, 0)));
    patience_ = silence_limit(settings_.rate, exposure);
    context_.report_controls(controls_.list());
}

void Session::start() {
    requests_.start(controls_.take_pending());
}

std::optional<camera::Captured> Session::next() {
    return_lent();
    if (!sleep_until_due())
        return std::nullopt;
    asked_ = SteadyClock::now();
    const auto silent_at = RunningClock::now() + patience_;
    while (!context_.stop_requested()) {
        apply_changes();
        requests_.check_plugged();
        if (const auto finished = requests_.take()) {
            if (auto captured = consider(*finished))
                return captured;
        } else if (RunningClock::now() >= silent_at) {
            throw silent();
        } else {
            const RunningClock::BoundedWait wait(longest_sleep);
            requests_.wait(context_.stop_descriptor(), SteadyClock::now() + longest_sleep);
        }
    }
    return std::nullopt;
}

CameraError Session::silent() const {
    return {ErrorKind::no_signal, "the camera " + title_ + " has given no picture for " +
                                      std::to_string(patience_.count() / 1000) +
                                      " s; it is started anew (if that does not help, unplug it)"};
}

bool Session::sleep_until_due() {
    while (SteadyClock::now() < pace_.opens()) {
        requests_.check_plugged();
        apply_changes();
        if (!context_.sleep_until(std::min(pace_.opens(), SteadyClock::now() + longest_sleep)))
            return false;
    }
    return true;
}

std::optional<camera::Captured> Session::consider(const Requests::Finished& finished) {
    if (finished.time < std::max(pace_.opens(), asked_ - oldest_)) {
        requests_.give_back(finished.request, controls_.take_pending());
        return std::nullopt;
    }
    lent_ = finished;
    buffers_.begin_reading(finished.buffer);
    const auto picture = picture_of(*finished.buffer);
    if (!picture) {
        ++unreadable_;
        return_lent();
        return std::nullopt;
    }
    pace_.passed(finished.time);
    return camera::Captured{.picture = *picture,
                            .captured = time_of(*finished.request, *finished.buffer, finished.time),
                            .wall = std::nullopt,
                            .lost = requests_.take_broken() + std::exchange(unreadable_, 0)};
}

std::optional<media::Picture> Session::picture_of(const libcamera::FrameBuffer& buffer) const {
    if (setup_.format().raw)
        return raw_picture(buffer);
    const auto& planes = buffers_.planes(&buffer);
    const auto used = buffer.metadata().planes();
    if (planes.empty() || used.empty() || used[0].bytesused == 0 ||
        used[0].bytesused > planes.front().size())
        return std::nullopt;
    return media::JpegImage{planes.front().first(used[0].bytesused)};
}

// How much of a raw picture is used follows from its size; not every pipeline tells it.
media::RawImage Session::raw_picture(const libcamera::FrameBuffer& buffer) const {
    auto image = picture_in(buffers_.planes(&buffer), *setup_.format().raw, setup_.size(),
                            setup_.configuration().stride);
    if (!image)
        throw CameraError(ErrorKind::failed, "the buffers of the camera " + title_ +
                                                 " are too small for " + to_text(setup_.size()) +
                                                 " " + std::string(setup_.format().name));
    const auto& colours = setup_.configuration().colorSpace;
    const bool told_full = colours && colours->range == libcamera::ColorSpace::Range::Full;
    image->full_range = told_full || !may_be_video_range(*setup_.format().raw);
    return *image;
}

void Session::return_lent() {
    const auto lent = std::exchange(lent_, std::nullopt);
    if (!lent)
        return;
    buffers_.end_reading(lent->buffer);
    requests_.give_back(lent->request, controls_.take_pending());
}

void Session::apply_changes() {
    const auto changes = context_.take_control_changes();
    for (const camera::ControlChange& change : changes)
        if (!controls_.want(change.id, change.value))
            context_.warn("the camera " + title_ + " has no control " + change.id);
    if (!changes.empty())
        context_.report_controls(controls_.list());
}

}  // namespace onlooker::drivers::libcamera_driver
