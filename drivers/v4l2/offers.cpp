#include "v4l2/offers.hpp"

#include <linux/videodev2.h>

#include <algorithm>
#include <cmath>

namespace onlooker::drivers::v4l2 {
namespace {

constexpr unsigned most_formats = 256;
constexpr unsigned most_sizes = 256;
constexpr unsigned most_intervals = 128;

Interval interval_of(const v4l2_fract& fraction) {
    return {fraction.numerator, fraction.denominator};
}

// The ends of a range of intervals, and the wished rate where it lies between them.
std::vector<Interval> points_of(const v4l2_frmival_stepwise& range, double fps) {
    const Interval fast = interval_of(range.min);
    const Interval slow = interval_of(range.max);
    std::vector<Interval> points{fast};
    const double wish = fps > 0 ? fps : 30;
    if (wish < fast.rate() && wish > slow.rate())
        points.push_back({1000, static_cast<unsigned>(std::lround(wish * 1000))});
    points.push_back(slow);
    return points;
}

SizeRange range_of(const v4l2_frmsizeenum& answer) {
    if (answer.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
        const Size size{answer.discrete.width, answer.discrete.height};
        return {size, size, {1, 1}};
    }
    const auto& range = answer.stepwise;
    return {{range.min_width, range.min_height},
            {range.max_width, range.max_height},
            {std::max(range.step_width, 1U), std::max(range.step_height, 1U)}};
}

bool usable(const SizeRange& range) {
    return range.smallest.width > 0 && range.smallest.height > 0 && range.largest >= range.smallest;
}

double fastest(const std::vector<Interval>& intervals) {
    double rate = 0;
    for (const Interval& interval : intervals)
        rate = std::max(rate, interval.rate());
    return rate;
}

}  // namespace

std::vector<OfferedFormat> list_formats(const Device& device) {
    std::vector<OfferedFormat> formats;
    for (unsigned i = 0; i < most_formats; ++i) {
        v4l2_fmtdesc answer{};
        answer.index = i;
        answer.type = device.type();
        if (device.try_call(VIDIOC_ENUM_FMT, &answer) != 0)
            break;
        formats.push_back({answer.pixelformat, answer.flags, find_format(answer.pixelformat)});
    }
    return formats;
}

std::vector<SizeRange> list_sizes(const Device& device, std::uint32_t fourcc) {
    std::vector<SizeRange> sizes;
    for (unsigned i = 0; i < most_sizes; ++i) {
        v4l2_frmsizeenum answer{};
        answer.index = i;
        answer.pixel_format = fourcc;
        if (device.try_call(VIDIOC_ENUM_FRAMESIZES, &answer) != 0)
            break;
        if (const SizeRange range = range_of(answer); usable(range))
            sizes.push_back(range);
        if (answer.type != V4L2_FRMSIZE_TYPE_DISCRETE)
            break;  // a range is the whole answer
    }
    return sizes;
}

std::vector<Interval> list_intervals(const Device& device, std::uint32_t fourcc, Size size,
                                     double fps) {
    std::vector<Interval> intervals;
    for (unsigned i = 0; i < most_intervals; ++i) {
        v4l2_frmivalenum answer{};
        answer.index = i;
        answer.pixel_format = fourcc;
        answer.width = size.width;
        answer.height = size.height;
        if (device.try_call(VIDIOC_ENUM_FRAMEINTERVALS, &answer) != 0)
            break;
        if (answer.type != V4L2_FRMIVAL_TYPE_DISCRETE)
            return points_of(answer.stepwise, fps);
        intervals.push_back(interval_of(answer.discrete));
    }
    return intervals;
}

std::vector<Offer> list_offers(const Device& device, const Settings& settings,
                               std::optional<Size> fixed) {
    std::vector<Offer> offers;
    for (const OfferedFormat& format : list_formats(device)) {
        if (!format.known)
            continue;
        std::vector<SizeRange> sizes = list_sizes(device, format.fourcc);
        // A device that lists no sizes is asked for what we want, and answers with what it has.
        const Size goal = fixed.value_or(aim(settings));
        if (sizes.empty() || fixed)
            sizes = {{goal, goal, {1, 1}}};
        for (const SizeRange& range : sizes) {
            const Size size = nearest_size(range, goal);
            offers.push_back({format.known, size,
                              fastest(list_intervals(device, format.fourcc, size, settings.fps))});
        }
    }
    return offers;
}

}  // namespace onlooker::drivers::v4l2
