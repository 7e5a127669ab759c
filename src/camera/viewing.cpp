#include "camera/viewing.hpp"

#include <fmt/format.h>

#include <cstddef>
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
    : feed_(&feed), description_(std::move(description)), id_(random_id()) {
    static_assert(frame_part_is_first());
    feed_->enter(*this);
}

Viewing::~Viewing() {
    feed_->leave(*this);
}

}  // namespace onlooker::camera
