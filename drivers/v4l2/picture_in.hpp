// From a dequeued buffer to the picture in it.
//
// Pure. Thread: any.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "media/raw_image.hpp"
#include "v4l2/stream_format.hpp"

namespace onlooker::drivers::v4l2 {

// The picture in one dequeued buffer, given as what the device filled of each memory plane; nothing
// when it is short, or is meant to be a JPEG and does not begin as one.
std::optional<media::Picture> picture_in(const StreamFormat& format,
                                         std::span<const std::span<const std::byte>> planes);

}  // namespace onlooker::drivers::v4l2
