#include "camera/viewing.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/random.hpp"
#include "camera/feed.hpp"

namespace onlooker::camera {

namespace {

std::string random_id() {
    return fmt::format("{:016x}", random_bits());
}

}  // namespace

Viewing::Viewing(Feed& feed, Description description)
    : feed_(&feed),
      description_(std::move(description)),
      id_(random_id()),
      since_(std::chrono::system_clock::now()),
      offered_before_(feed.frames() - (feed.showing() ? 1 : 0)) {
    static_assert(frame_part_is_first());
    feed_->enter(*this);
}

std::uint64_t Viewing::offered() const noexcept {
    return feed_->frames() - offered_before_;
}

Viewing::~Viewing() {
    feed_->leave(*this);
}

}  // namespace onlooker::camera
