// The format that was agreed with the device, and pictures as they lie in its buffers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "camera/driver.hpp"
#include "media/raw_image.hpp"
#include "v4l2/device.hpp"
#include "v4l2/format_choice.hpp"
#include "v4l2/signal.hpp"

namespace onlooker::drivers::v4l2 {

struct StreamFormat {
    const KnownFormat* format = nullptr;
    Size size;
    // Octets from one row to the next, per memory plane, as the device says.
    std::array<std::size_t, 3> strides{};
    bool full_range = false;
    double rate = 0;  // frames per second that the device means to give; 0 unknown
};

// Chooses, sets, and reads back format, size and rate. What the device made of the user's wishes
// is told by context.warn() where it differs. Throws CameraError.
StreamFormat agree_on_format(const Device& device, const Settings& settings, const Signal& signal,
                             camera::CaptureContext& context);

// Octets from one row of memory plane `index` to the next, where the device says `said`: 0 is said
// by drivers that leave it to be guessed, and rows are packed then. 0 for JPEG, which has none.
// Pure.
std::size_t stride_of(const KnownFormat& format, Size size, std::size_t index,
                      std::size_t said) noexcept;

// Whether samples use all of 0..255, from the words of the format. Pure.
bool is_full_range(const KnownFormat& format, std::uint32_t colorspace,
                   std::uint32_t quantization) noexcept;

}  // namespace onlooker::drivers::v4l2
