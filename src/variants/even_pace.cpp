#include "variants/even_pace.hpp"

#include <chrono>
#include <cmath>

namespace onlooker::variants {

namespace {

// What a source's rate may differ from a multiple: a camera of 30 frames gives 29.97, or 29.2 while
// the light is poor.
constexpr double nearly = 0.05;

SteadyClock::duration seconds(double time) {
    return std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(time));
}

}  // namespace

EvenPace::EvenPace(double rate) : rate_(rate), interval_(seconds(1 / rate)) {}

bool EvenPace::divides(double source_rate) const noexcept {
    const double ratio = source_rate / rate_;
    return ratio <= 1 || std::abs(ratio - std::round(ratio)) <= nearly * std::round(ratio);
}

// Nearer to that time than the frame before it and the one behind it.
bool EvenPace::is_due_of_multiple(SteadyTime now, double source_rate) const noexcept {
    const double frames = std::round(source_rate / rate_);
    return frames <= 1 || now >= shown_at_ + seconds((frames - 0.5) / source_rate);
}

bool EvenPace::on_frame(SteadyTime now, double source_rate) {
    waits_ = false;
    bool show = false;
    if (source_rate <= 0) {
        // A quarter of the time too early is early enough for a frame that jitters.
        show = now >= due_ - interval_ / 4;
    } else if (divides(source_rate)) {
        show = is_due_of_multiple(now, source_rate);
        // From here on, should the source's rate change.
        due_ = show ? now : due_;
    } else {
        show = now >= due_;
        waits_ = !show;
    }
    if (show)
        shown(now);
    return show;
}

std::optional<SteadyTime> EvenPace::due() const noexcept {
    return waits_ ? std::optional(due_) : std::nullopt;
}

bool EvenPace::on_time(SteadyTime now) {
    if (!waits_ || now < due_)
        return false;
    waits_ = false;
    shown(now);
    return true;
}

// The schedule goes on from where it was, so that the mean rate is right; after a pause it begins
// again.
void EvenPace::shown(SteadyTime now) noexcept {
    shown_at_ = now;
    due_ = due_ + interval_ >= now ? due_ + interval_ : now + interval_;
}

}  // namespace onlooker::variants
