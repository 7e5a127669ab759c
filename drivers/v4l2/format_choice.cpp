#include "v4l2/format_choice.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace onlooker::drivers::v4l2 {
namespace {

constexpr Size default_size{1280, 720};
constexpr double default_rate = 30;
// Rates in the field are 29.97 and 24.9 where 30 and 25 are meant.
constexpr double rate_tolerance = 0.97;
// Below this, motion is seen to jerk, and a smaller picture is the better one.
constexpr double smooth_rate = 24;

unsigned nearest(unsigned smallest, unsigned largest, unsigned step, unsigned wish) noexcept {
    const unsigned bounded = std::clamp(wish, smallest, std::max(smallest, largest));
    const unsigned steps = step == 0 ? 0 : (bounded - smallest + step / 2) / step;
    const unsigned rounded = step == 0 ? smallest : smallest + steps * step;
    return rounded > largest && rounded >= smallest + step ? rounded - step : rounded;
}

// 0 when `rate` is enough, up to 1 when there is none. An unknown rate is taken at its best.
double shortfall(double rate, double wanted) noexcept {
    if (rate <= 0 || rate >= wanted * rate_tolerance)
        return 0;
    return 1 - rate / wanted;
}

double distance(Size size, Size goal) noexcept {
    const auto off = [](unsigned a, unsigned b) {
        return std::abs(std::log(static_cast<double>(a) / b));
    };
    return off(size.width, goal.width) + off(size.height, goal.height);
}

// Missing pixels are a loss of up to 1. Pixels beyond the goal cost less at first: 1920x1080 is a
// better answer to 1280x720 than 320x240 is.
double size_cost(Size size, Size goal) noexcept {
    const double ratio = size.area() / goal.area();
    return ratio <= 1 ? 1 - ratio : 0.7 * std::log2(ratio);
}

using Cost = std::tuple<double, double, int>;

Cost cost(const Offer& offer, const Settings& settings) {
    const double wanted = settings.fps > 0 ? settings.fps : smooth_rate;
    const double slow = shortfall(offer.fastest, wanted);
    if (settings.size)
        return {distance(offer.size, *settings.size), slow, offer.format->rank};
    return {2 * slow + size_cost(offer.size, default_size), 0, offer.format->rank};
}

bool wished(const Offer& offer, const Settings& settings) {
    return !settings.format || offer.format->pixels == settings.format->pixels;
}

}  // namespace

Size nearest_size(const SizeRange& range, Size wish) noexcept {
    return {nearest(range.smallest.width, range.largest.width, range.step.width, wish.width),
            nearest(range.smallest.height, range.largest.height, range.step.height, wish.height)};
}

Size aim(const Settings& settings) noexcept {
    return settings.size.value_or(default_size);
}

const Offer* best_offer(std::span<const Offer> offers, const Settings& settings) {
    const Offer* best = nullptr;
    for (const Offer& offer : offers) {
        if (!wished(offer, settings))
            continue;
        if (!best || cost(offer, settings) < cost(*best, settings))
            best = &offer;
    }
    return best;
}

std::optional<Interval> best_interval(std::span<const Interval> intervals, double fps) {
    const double wanted = fps > 0 ? fps : default_rate;
    std::optional<Interval> slowest_enough;
    std::optional<Interval> fastest_within;
    std::optional<Interval> fastest;
    for (const Interval& interval : intervals) {
        const double rate = interval.rate();
        if (!(rate > 0))
            continue;
        if (rate >= wanted * rate_tolerance && (!slowest_enough || rate < slowest_enough->rate()))
            slowest_enough = interval;
        if (rate <= wanted / rate_tolerance && (!fastest_within || rate > fastest_within->rate()))
            fastest_within = interval;
        if (!fastest || rate > fastest->rate())
            fastest = interval;
    }
    // Nobody asked for more than the default, so a device of 24 and 60 is asked for 24.
    if (fps <= 0 && fastest_within && fastest_within->rate() >= smooth_rate * rate_tolerance)
        return fastest_within;
    return slowest_enough ? slowest_enough : fastest;
}

}  // namespace onlooker::drivers::v4l2
