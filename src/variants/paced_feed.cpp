#include "variants/paced_feed.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/running_clock.hpp"

namespace onlooker::variants {

PacedFeed::PacedFeed(Executor executor, camera::Feed& source,
                     const camera::Feed::Settings& settings, double rate)
    : DerivedFeed(executor, source, settings),
      rate_(rate),
      pace_(rate),
      timer_(executor, [this] { on_time(); }) {}

void PacedFeed::on_frame(const media::FramePtr& frame) {
    newest_.reset();
    if (frame->is_card())
        return publish(frame);
    const SteadyTime came = source().edition_time();
    if (pace_.on_frame(came, source().rate(came)))
        return show(frame);
    if (pace_.due())
        newest_ = frame;
    set_timer();
}

void PacedFeed::on_time() {
    if (newest_ && pace_.on_time(SteadyClock::now()))
        return show(std::exchange(newest_, nullptr));
    set_timer();
}

void PacedFeed::show(const media::FramePtr& frame) {
    ++frames_;
    publish(frame);
}

void PacedFeed::set_timer() {
    const auto due = newest_ ? pace_.due() : std::nullopt;
    if (due)
        timer_.set(RunningClock::now() + (*due - SteadyClock::now()));
}

void PacedFeed::on_rest() noexcept {
    newest_.reset();
    pace_ = EvenPace(rate_);
    try {
        timer_.set(std::nullopt);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
        // It fires once more, and finds nothing to show.
    }
}

}  // namespace onlooker::variants
