#include "opencv/file_pace.hpp"

#include "base/clock.hpp"

namespace onlooker::drivers {

namespace {

constexpr FilePace::Seconds usual_period(1.0 / 25);
constexpr FilePace::Seconds longest_step(10);
// If we fall further behind than this, we do not catch up.
constexpr FilePace::Seconds latest(1);

}  // namespace

SteadyTime FilePace::next(SteadyTime now, std::optional<Seconds> position,
                          std::optional<Seconds> period) noexcept {
    if (due_)
        due_ = *due_ + std::chrono::duration_cast<SteadyClock::duration>(step(position, period));
    if (!due_ || now - *due_ > latest)
        due_ = now;
    position_ = position;
    return *due_;
}

FilePace::Seconds FilePace::step(std::optional<Seconds> position,
                                 std::optional<Seconds> period) const noexcept {
    if (rate_)
        return Seconds(1 / *rate_);
    if (position && position_ && *position > *position_ && *position - *position_ <= longest_step)
        return *position - *position_;
    return period.value_or(usual_period);
}

}  // namespace onlooker::drivers
