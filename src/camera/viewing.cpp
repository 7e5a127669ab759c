#include "camera/viewing.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <cstddef>
#include <utility>

#include "camera/camera.hpp"

namespace onlooker::camera {

namespace {

constexpr auto window = std::chrono::seconds(1);

std::string random_id() {
    std::uint64_t random = 0;
    // Up to 256 octets come whole and without an error once the kernel has booted (getrandom(2)).
    static_cast<void>(!::getrandom(&random, sizeof random, 0));
    return fmt::format("{:016x}", random);
}

}  // namespace

Viewing::Viewing(Camera& camera, Description description)
    : camera_(camera),
      description_(std::move(description)),
      id_(random_id()),
      window_begin_(Clock::now()) {
    camera_.enter(*this);
}

Viewing::~Viewing() {
    camera_.leave(*this);
}

void Viewing::count_frame(Clock::time_point now) noexcept {
    ++frames_;
    ++frames_in_window_;
    if (const auto passed = now - window_begin_; passed >= window) {
        last_rate_ = frames_in_window_ / std::chrono::duration<double>(passed).count();
        frames_in_window_ = 0;
        window_begin_ = now;
    }
}

double Viewing::rate(Clock::time_point now) const noexcept {
    const std::chrono::duration<double> passed = now - window_begin_;
    // Nothing for a while closes no window by itself.
    return passed > 2 * window ? frames_in_window_ / passed.count() : last_rate_;
}

}  // namespace onlooker::camera
