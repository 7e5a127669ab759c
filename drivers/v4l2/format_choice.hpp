// Which of the formats and sizes that a device offers is taken. Pure.
//
// With a size wished, the nearest size wins, then the rate, then the cheapest format. Without, a
// picture of up to 1280x720 at 24 frames a second or more is aimed at: what a webcam gives as MJPEG
// with no work for us, what one core can encode, and what a home's upstream can carry. A webcam
// that gives 1280x720 as MJPEG at 30 and as YUYV at 10 frames a second is thus asked for MJPEG, and
// one that knows only YUYV for the 640x480 that it can give at full rate.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "v4l2/settings.hpp"

namespace onlooker::drivers::v4l2 {

// The sizes of one format: one size, or a range with steps.
struct SizeRange {
    Size smallest;
    Size largest;
    Size step{1, 1};
};

// Seconds per frame as the kernel writes it.
struct Interval {
    unsigned numerator = 0;
    unsigned denominator = 0;
    double rate() const noexcept {
        return numerator == 0 ? 0 : static_cast<double>(denominator) / numerator;
    }
};

// One thing that the device offers.
struct Offer {
    const KnownFormat* format = nullptr;
    Size size;
    double fastest = 0;  // frames per second; 0 when the device does not say
};

// The size within `range` that is nearest to `wish`.
Size nearest_size(const SizeRange& range, Size wish) noexcept;

// The size that is aimed at: the user's, or the default.
Size aim(const Settings& settings) noexcept;

// The best offer; null when there is none (or none of the wished format).
const Offer* best_offer(std::span<const Offer> offers, const Settings& settings);

// What to ask the device for, of the intervals that it lists: the slowest rate that is at least
// `fps`, so that we drop as few as we can, else the fastest. With fps 0, up to 30. Absent when the
// list is empty.
std::optional<Interval> best_interval(std::span<const Interval> intervals, double fps);

}  // namespace onlooker::drivers::v4l2
