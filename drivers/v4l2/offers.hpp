// What a device says it can do: formats, sizes, rates.
//
// The lists come from outside, so they have limits: a driver that never ends its list does not
// keep us here. Thread: the capture thread, or the main thread for --list-cameras.
#pragma once

#include <cstdint>
#include <vector>

#include "v4l2/device.hpp"
#include "v4l2/format_choice.hpp"

namespace onlooker::drivers::v4l2 {

struct OfferedFormat {
    std::uint32_t fourcc = 0;
    std::uint32_t flags = 0;             // V4L2_FMT_FLAG_...
    const KnownFormat* known = nullptr;  // null: not one that we take
};

std::vector<OfferedFormat> list_formats(const Device& device);

// Empty when the device does not list sizes.
std::vector<SizeRange> list_sizes(const Device& device, std::uint32_t fourcc);

// As the device lists them. A range is given by both its ends, and by the rate `fps` (30 when that
// is 0) where it lies between them.
std::vector<Interval> list_intervals(const Device& device, std::uint32_t fourcc, Size size,
                                     double fps);

// All that the choice is made from. `fixed`: the one size that the input has, for a grabber.
std::vector<Offer> list_offers(const Device& device, const Settings& settings,
                               std::optional<Size> fixed);

}  // namespace onlooker::drivers::v4l2
