#include "libcamera/session.hpp"

#include <poll.h>
#include <unistd.h>

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <ctime>
#include <span>
#include <utility>

#include "libcamera/api.hpp"
#include "libcamera/words.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using namespace std::chrono_literals;
using camera::CameraError;
using camera::ErrorKind;

// For a camera that neither keeps time nor says how fast it is.
constexpr double rate_ceiling = 120;
// How long a request rests whose picture was broken: a camera that is being unplugged breaks its
// last pictures, and libcamera ends the program when it is given a request at the moment at which
// it learns of the unplugging.
constexpr auto rest_time = 100ms;
// How long libcamera takes at most to tell that a camera is gone whose device is.
constexpr auto removal_time = 2s;
constexpr auto longest_wait = 100ms;

std::chrono::nanoseconds boot_clock_ahead() {
    timespec boot{};
    timespec monotonic{};
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    ::clock_gettime(CLOCK_MONOTONIC, &monotonic);
    return std::chrono::seconds(boot.tv_sec - monotonic.tv_sec) +
           std::chrono::nanoseconds(boot.tv_nsec - monotonic.tv_nsec);
}

std::string shortest_text(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
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
                 const Settings& settings, std::vector<WantedControl>& wanted,
                 camera::CaptureContext& context)
    : hub_(std::move(hub)),
      camera_(std::move(camera)),
      settings_(settings),
      wanted_(wanted),
      context_(context),
      title_(title_of({camera_->id(), api::model(*camera_)})),
      acquired_(camera_, title_),
      nodes_(api::device_numbers(hub_->manager(), camera_)),
      setup_(*camera_, settings_, title_, context_),
      buffers_(std::make_unique<Buffers>(camera_, setup_.configuration(), setup_.format(),
                                         settings_.buffers)),
      completions_([this](libcamera::Request* request) { give_back(request); }),
      limit_(settings.rate) {
    prepare_controls();
    make_requests();
    start();
}

Session::~Session() {
    stop();
}

void Session::prepare_controls() {
    controls_.emplace(*camera_);
    controls_->want_rate(settings_.rate);
    for (const WantedControl& wanted : wanted_)
        controls_->want(wanted, [this](const std::string& words) {
            context_.warn("the camera " + title_ + ": " + words);
        });
    if (settings_.rate <= 0)
        limit_ =
            RateLimit(controls_->highest_rate() > 0 ? controls_->highest_rate() : rate_ceiling);
    const std::chrono::microseconds exposure(
        static_cast<std::int64_t>(controls_->value(exposure_id, 0)));
    patience_ = silence_limit(settings_.rate, exposure);
    context_.report_controls(controls_->list());
}

void Session::make_requests() {
    for (libcamera::FrameBuffer* buffer : buffers_->all()) {
        auto request = camera_->createRequest(requests_.size());
        if (!request || request->addBuffer(setup_.stream(), buffer) < 0)
            throw CameraError(ErrorKind::failed,
                              "the camera " + title_ + " does not take its picture buffers");
        requests_.push_back(std::move(request));
    }
}

void Session::start() {
    camera_->requestCompleted.connect(
        this, [this](libcamera::Request* request) { on_completed(request); });
    subscription_ = std::make_unique<Hub::Subscription>(
        *hub_, [this](Hub::Event event, const std::shared_ptr<libcamera::Camera>& camera) {
            if (event == Hub::Event::removed && camera == camera_)
                completions_.set_removed();
        });
    const libcamera::ControlList controls = controls_->take_pending();
    running_ = true;
    try {
        if (const int error = camera_->start(&controls); error < 0)
            throw cannot_start(title_, error);
        // Not every pipeline looks at the controls of start().
        for (const auto& [id, value] : controls)
            requests_.front()->controls().set(id, value);
        for (const auto& request : requests_)
            if (const int error = camera_->queueRequest(request.get()); error < 0)
                refused(error);
    } catch (...) {
        stop();
        throw;
    }
}

void Session::stop() noexcept {
    if (!std::exchange(running_, false))
        return;
    completions_.close();
    // A camera whose device is gone cannot be stopped, and libcamera ends the program when that is
    // tried; once it has noticed by itself, stop() does nothing.
    if (!device_is_there())
        wait_for_removal();
    camera_->stop();
    // Nobody calls it any more: stop() returns when the last request was handed over.
    camera_->requestCompleted.disconnect(this);
    subscription_.reset();
    requests_.clear();
    buffers_.reset();
}

std::optional<camera::Captured> Session::next() {
    return_lent();
    if (!sleep_until_due())
        return std::nullopt;
    asked_ = Clock::now();
    const auto silent_at = asked_ + patience_;
    while (!context_.stop_requested()) {
        take_changes();
        if (completions_.removed())
            throw unplugged(title_);
        return_waiting(Clock::now());
        if (const auto finished = completions_.take()) {
            if (auto captured = consider(*finished))
                return captured;
        } else if (Clock::now() >= silent_at) {
            throw CameraError(ErrorKind::no_signal,
                              "the camera " + title_ + " has given no picture for " +
                                  std::to_string(patience_.count() / 1000) +
                                  " s; it is started anew (if that does not help, unplug it)");
        } else {
            wait_for_completion(silent_at);
        }
    }
    return std::nullopt;
}

bool Session::sleep_until_due() {
    while (Clock::now() < limit_.opens()) {
        if (completions_.removed())
            throw unplugged(title_);
        take_changes();
        if (!context_.sleep_until(std::min(limit_.opens(), Clock::now() + longest_wait)))
            return false;
    }
    return true;
}

void Session::wait_for_completion(Clock::time_point silent_at) const {
    auto until = std::min(silent_at, Clock::now() + longest_wait);
    if (!resting_.empty())
        until = std::min(until, resting_.front().until);
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    std::array<pollfd, 2> descriptors{pollfd{context_.stop_descriptor(), POLLIN, 0},
                                      pollfd{completions_.descriptor(), POLLIN, 0}};
    ::poll(descriptors.data(), descriptors.size(), std::max(0, static_cast<int>(rest.count())));
}

std::optional<camera::Captured> Session::consider(const Completions::Finished& finished) {
    using Outcome = Completions::Outcome;
    const libcamera::FrameBuffer* buffer = finished.request->findBuffer(setup_.stream());
    switch (finished.outcome) {
        case Outcome::refused:
            refused(EIO);
        case Outcome::broken:
            ++lost_;
            resting_.push_back({finished.request, Clock::now() + rest_time});
            return std::nullopt;
        case Outcome::unready:
            queue(finished.request);
            return std::nullopt;
        case Outcome::picture:
            break;
    }
    if (finished.time < std::max(limit_.opens(), asked_ - limit_.longest_wait())) {
        queue(finished.request);
        return std::nullopt;
    }
    lent_ = finished.request;
    buffers_->begin_reading(buffer);
    auto picture = picture_of(*buffer);
    if (!picture) {
        ++lost_;
        return_lent();
        return std::nullopt;
    }
    limit_.passed(finished.time);
    const auto& metadata = finished.request->metadata();
    const auto sensor_time = metadata.get(libcamera::controls::SensorTimestamp);
    const std::uint64_t stamp =
        sensor_time ? static_cast<std::uint64_t>(*sensor_time) : buffer->metadata().timestamp;
    return camera::Captured{
        .picture = *picture,
        .captured = capture_time(stamp, finished.time, boot_clock_ahead()).value_or(finished.time),
        .wall = std::nullopt,
        .lost = std::exchange(lost_, 0)};
}

std::optional<media::Picture> Session::picture_of(const libcamera::FrameBuffer& buffer) const {
    const auto& planes = buffers_->planes(&buffer);
    if (setup_.format().raw) {
        // How much of a raw picture is used follows from its size; not every pipeline tells it.
        auto image =
            picture_in(planes, *setup_.format().raw, setup_.size(), setup_.configuration().stride);
        if (!image)
            throw CameraError(ErrorKind::failed,
                              "the buffers of the camera " + title_ + " are too small for " +
                                  to_text(setup_.size()) + " " + std::string(setup_.format().name));
        const auto& colours = setup_.configuration().colorSpace;
        const bool told_full = colours && colours->range == libcamera::ColorSpace::Range::Full;
        image->full_range = told_full || !may_be_video_range(*setup_.format().raw);
        return *image;
    }
    const auto used = buffer.metadata().planes();
    if (planes.empty() || used.empty() || used[0].bytesused == 0 ||
        used[0].bytesused > planes.front().size())
        return std::nullopt;
    return media::JpegImage{planes.front().first(used[0].bytesused)};
}

void Session::return_lent() {
    libcamera::Request* request = std::exchange(lent_, nullptr);
    if (request == nullptr)
        return;
    buffers_->end_reading(request->findBuffer(setup_.stream()));
    queue(request);
}

void Session::return_waiting(Clock::time_point now) {
    for (libcamera::Request* request : completions_.take_parked())
        queue(request);
    while (!resting_.empty() && resting_.front().until <= now) {
        libcamera::Request* request = resting_.front().request;
        resting_.pop_front();
        queue(request);
    }
}

void Session::take_changes() {
    bool changed = false;
    for (const camera::ControlChange& change : context_.take_control_changes()) {
        if (!controls_->want(change.id, change.value)) {
            context_.warn("the camera " + title_ + " has no control " + change.id);
            continue;
        }
        std::erase_if(wanted_, [&](const WantedControl& old) { return old.id == change.id; });
        wanted_.push_back({change.id, shortest_text(controls_->value(change.id, change.value))});
        changed = true;
    }
    if (changed)
        context_.report_controls(controls_->list());
}

void Session::on_completed(libcamera::Request* request) {
    using Outcome = Completions::Outcome;
    const libcamera::FrameMetadata& metadata = request->findBuffer(setup_.stream())->metadata();
    Outcome outcome = Outcome::picture;
    if (request->status() == libcamera::Request::RequestCancelled)
        outcome = Outcome::refused;
    else if (api::is_broken(metadata))
        outcome = Outcome::broken;
    else if (api::is_startup(metadata))
        outcome = Outcome::unready;
    completions_.put({request, outcome, Clock::now()});
}

// On libcamera's thread, or on the capture thread from queue().
void Session::give_back(libcamera::Request* request) {
    if (!device_is_there())
        return;
    request->reuse(libcamera::Request::ReuseBuffers);
    camera_->queueRequest(request);
}

void Session::queue(libcamera::Request* request) {
    if (!device_is_there())
        refused(ENODEV);
    request->reuse(libcamera::Request::ReuseBuffers);
    if (controls_->pending())
        for (const auto& [id, value] : controls_->take_pending())
            request->controls().set(id, value);
    if (const int error = camera_->queueRequest(request); error < 0)
        refused(error);
}

void Session::refused(int error) {
    if (wait_for_removal() || !device_is_there())
        throw unplugged(title_);
    throw CameraError(ErrorKind::failed, "the camera " + title_ + " takes no more requests: " +
                                             std::strerror(error < 0 ? -error : error));
}

bool Session::device_is_there() const {
    return std::ranges::all_of(nodes_, [](dev_t node) {
        const std::string path =
            "/sys/dev/char/" + std::to_string(major(node)) + ":" + std::to_string(minor(node));
        return ::access(path.c_str(), F_OK) == 0;
    });
}

bool Session::wait_for_removal() const {
    const auto until = Clock::now() + removal_time;
    while (!completions_.removed() && Clock::now() < until)
        ::poll(nullptr, 0, 10);
    return completions_.removed();
}

}  // namespace onlooker::drivers::libcamera_driver
