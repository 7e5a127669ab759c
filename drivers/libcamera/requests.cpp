#include "libcamera/requests.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "libcamera/api.hpp"
#include "libcamera/words.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using namespace std::chrono_literals;
using camera::CameraError;
using camera::ErrorKind;
using Outcome = Completions::Outcome;

// How long a request rests whose picture was broken: a camera that is being unplugged breaks its
// last pictures, and libcamera ends the program when it is given a request at the moment at which
// it learns of the unplugging.
constexpr auto rest_time = 100ms;
// How long libcamera takes at most to tell that a camera is gone whose device is.
constexpr auto removal_time = 2s;

}  // namespace

Requests::Requests(Hub& hub, libcamera::Camera& camera, const std::string& title,
                   const DeviceNodes& nodes, const libcamera::Stream& stream,
                   const std::vector<libcamera::FrameBuffer*>& buffers)
    : hub_(hub),
      camera_(camera),
      title_(title),
      nodes_(nodes),
      stream_(stream),
      completions_([this](libcamera::Request* request) { give_back_displaced(request); }) {
    make(buffers);
}

Requests::~Requests() {
    stop();
}

void Requests::make(const std::vector<libcamera::FrameBuffer*>& buffers) {
    for (libcamera::FrameBuffer* buffer : buffers) {
        auto request = camera_.createRequest(requests_.size());
        if (!request || request->addBuffer(&stream_, buffer) < 0)
            throw CameraError(ErrorKind::failed,
                              "the camera " + title_ + " does not take its picture buffers");
        requests_.push_back(std::move(request));
    }
}

void Requests::start(const libcamera::ControlList& controls) {
    camera_.requestCompleted.connect(
        this, [this](libcamera::Request* request) { on_completed(request); });
    subscription_.emplace(
        hub_, [this](Hub::Event event, const std::shared_ptr<libcamera::Camera>& camera) {
            if (event == Hub::Event::removed && camera.get() == &camera_)
                completions_.set_removed();
        });
    running_ = true;
    if (const int error = camera_.start(&controls); error < 0)
        throw cannot_start(title_, error);
    // Not every pipeline looks at the controls of start().
    for (const auto& [id, value] : controls)
        requests_.front()->controls().set(id, value);
    for (const auto& request : requests_)
        if (const int error = camera_.queueRequest(request.get()); error < 0)
            refused(error);
}

void Requests::stop() noexcept {
    if (!running_)
        return;
    completions_.close();
    // A camera whose device is gone cannot be stopped, and libcamera ends the program when that is
    // tried; once it has noticed by itself, stop() does nothing.
    if (!nodes_.are_there())
        wait_for_removal();
    camera_.stop();
    // Nobody calls it any more: stop() returns when the last request was handed over.
    camera_.requestCompleted.disconnect(this);
}

std::optional<Requests::Finished> Requests::take() {
    queue_waiting(SteadyClock::now());
    while (const auto finished = completions_.take()) {
        libcamera::Request* request = finished->request;
        switch (finished->outcome) {
            case Outcome::refused:
                refused(EIO);
            case Outcome::broken:
                ++broken_;
                resting_.push_back({request, SteadyClock::now() + rest_time});
                break;
            case Outcome::unready:
                request->reuse(libcamera::Request::ReuseBuffers);
                queue(request);
                break;
            case Outcome::picture:
                return Finished{request, request->findBuffer(&stream_), finished->time};
        }
    }
    return std::nullopt;
}

void Requests::give_back(libcamera::Request* request, const libcamera::ControlList& controls) {
    request->reuse(libcamera::Request::ReuseBuffers);
    for (const auto& [id, value] : controls)
        request->controls().set(id, value);
    queue(request);
}

void Requests::wait(int stop, SteadyTime until) const {
    if (!resting_.empty())
        until = std::min(until, resting_.front().until);
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now());
    std::array<pollfd, 2> descriptors{pollfd{stop, POLLIN, 0},
                                      pollfd{completions_.descriptor(), POLLIN, 0}};
    ::poll(descriptors.data(), descriptors.size(), std::max(0, static_cast<int>(rest.count())));
}

void Requests::check_plugged() const {
    if (completions_.removed())
        throw unplugged(title_);
}

std::uint32_t Requests::take_broken() noexcept {
    return std::exchange(broken_, 0);
}

void Requests::on_completed(libcamera::Request* request) {
    const libcamera::FrameMetadata& metadata = request->findBuffer(&stream_)->metadata();
    Outcome outcome = Outcome::picture;
    if (request->status() == libcamera::Request::RequestCancelled)
        outcome = Outcome::refused;
    else if (api::is_broken(metadata))
        outcome = Outcome::broken;
    else if (api::is_startup(metadata))
        outcome = Outcome::unready;
    completions_.put({request, outcome, SteadyClock::now()});
}

// On libcamera's thread.
void Requests::give_back_displaced(libcamera::Request* request) {
    if (!nodes_.are_there())
        return;
    request->reuse(libcamera::Request::ReuseBuffers);
    camera_.queueRequest(request);
}

void Requests::queue(libcamera::Request* request) {
    if (!nodes_.are_there())
        refused(ENODEV);
    if (const int error = camera_.queueRequest(request); error < 0)
        refused(error);
}

// What was displaced by a newer picture, and what has rested long enough.
void Requests::queue_waiting(SteadyTime now) {
    const auto again = [this](libcamera::Request* request) {
        request->reuse(libcamera::Request::ReuseBuffers);
        queue(request);
    };
    for (libcamera::Request* request : completions_.take_parked())
        again(request);
    while (!resting_.empty() && resting_.front().until <= now) {
        libcamera::Request* request = resting_.front().request;
        resting_.pop_front();
        again(request);
    }
}

void Requests::refused(int error) const {
    if (wait_for_removal() || !nodes_.are_there())
        throw unplugged(title_);
    throw CameraError(ErrorKind::failed, "the camera " + title_ + " takes no more requests: " +
                                             std::strerror(error < 0 ? -error : error));
}

bool Requests::wait_for_removal() const {
    const auto until = SteadyClock::now() + removal_time;
    while (!completions_.removed() && SteadyClock::now() < until)
        ::poll(nullptr, 0, 10);
    return completions_.removed();
}

}  // namespace onlooker::drivers::libcamera_driver
