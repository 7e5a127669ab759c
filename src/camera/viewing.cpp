#include "camera/viewing.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <cstddef>
#include <utility>

#include "camera/feed.hpp"

namespace onlooker::camera {

namespace {

std::string random_id() {
    std::uint64_t random = 0;
    // Up to 256 octets come whole and without an error once the kernel has booted (getrandom(2)).
    static_cast<void>(!::getrandom(&random, sizeof random, 0));
    return fmt::format("{:016x}", random);
}

}  // namespace

Viewing::Viewing(Feed& feed, Description description)
    : feed_(&feed), description_(std::move(description)), id_(random_id()) {
    static_assert(frame_part_is_first());
    feed_->enter(*this);
}

Viewing::~Viewing() {
    feed_->leave(*this);
}

}  // namespace onlooker::camera
