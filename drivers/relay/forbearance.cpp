#include "relay/forbearance.hpp"

#include <algorithm>

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;
using camera::ErrorKind;

constexpr SteadyClock::duration longest_at_least = 2s;
constexpr int most_periods = 3;

}  // namespace

Forbearance::Forbearance(SteadyClock::duration period) noexcept
    : longest_(std::max(longest_at_least, most_periods * period)) {}

void Forbearance::on_success(SteadyTime now) noexcept {
    last_success_ = now;
}

bool Forbearance::bears(const camera::CameraError& error, SteadyTime now) const noexcept {
    if (!last_success_)
        return false;
    // A login that had grown old was already renewed once (next_try.hpp); more could lock the
    // account.
    if (error.retry() == camera::Retry::locks_out)
        return false;
    const bool momentary = error.kind() == ErrorKind::busy || error.kind() == ErrorKind::failed;
    return momentary && now - *last_success_ <= longest_;
}

}  // namespace onlooker::drivers
