// When a camera that failed is tried again.
#include <algorithm>
#include <string_view>

#include "base/clock.hpp"
#include "camera/supervision.hpp"

namespace onlooker::camera {

// For a viewer, who may have come back while the wait after a refused login goes on.
void Supervision::begin_from_idle(Orders& orders, SteadyTime now) {
    if (refused_ && now < refused_->until) {
        fault_ = refused_->fault;
        retry_at_ = refused_->until;
        state_ = State::faulted;
        return;
    }
    if (failed_at_ && now - *failed_at_ >= settings_.forget_after)
        backoff_.reset();
    open(orders, now);
}

void Supervision::wait_for_retry(SteadyTime now) {
    if (fault_ && fault_->retry == Retry::locks_out) {
        retry_at_ = now + login_backoff_.next();
        refused_ = Refused{.fault = *fault_, .until = *retry_at_};
        return;
    }
    const auto wait = backoff_.next();
    retry_at_ = now + (looks_for_signal() ? std::min(wait, settings_.retry_no_signal) : wait);
}

// Which is cheap, and somebody may be moving the plug this moment. One that gave pictures and
// stopped is no such camera: it is opened as rarely as any other that fails.
bool Supervision::looks_for_signal() const noexcept {
    return fault_ && fault_->kind == ErrorKind::no_signal && !last_frame_;
}

std::string_view Supervision::retry_outlook() const noexcept {
    if (looks_for_signal())
        return "then after a second each time";
    const bool login = fault_ && fault_->retry == Retry::locks_out;
    return (login ? login_backoff_ : backoff_).is_longest() ? "then about as often"
                                                            : "then less often";
}

}  // namespace onlooker::camera
