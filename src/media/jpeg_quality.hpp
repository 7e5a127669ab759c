// Estimates the quality at which a JPEG was encoded. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>

namespace onlooker::media {

// 1 to 100 on the scale of libjpeg's quality (jcparam.c, jpeg_set_quality): the one whose luma
// table has the mean of this picture's first table. 100 where that cannot be told.
unsigned estimated_quality(std::span<const std::byte> jpeg) noexcept;

}  // namespace onlooker::media
