// What can be shown: the newest frame, when it came, when the next one is due, and who looks.
//
//     Camera (supervision, driver) --publish--> Feed <--newer-- stream, snapshot, another feed
//
// A feed knows neither a driver nor HTTP. Whoever has pictures publishes to one; whoever shows them
// reads one. A feed can read another feed and publish what it makes of it (a smaller picture, every
// third frame): to the first it is one more viewer, to its own viewers it is a camera.
//
// What there is to see is an edition: a frame and a count that grows each time something is to be
// sent, be it a newer frame, the same one again, or a card that says why there is none. Viewers
// compare editions, never frames.
//
// The same frame is published again 250 ms after it, if no newer one has come, since Chromium and
// Safari paint a part of format "length" only when the next part's head arrives; and every 5 s, as
// Mainsail and Home Assistant give a silent stream up after 10 s. One timer does this for all
// viewers.
//
// Owner: its source, which publishes to it (a camera); no viewer may be left when it goes. Thread:
// the loop. Errors: only a lack of memory is thrown, by publish() and by waiting.
#pragma once

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/awaitable.hpp"
#include "base/deadline.hpp"
#include "base/lazy_timer.hpp"
#include "base/one_thread.hpp"
#include "base/task.hpp"
#include "camera/fault.hpp"
#include "camera/frame_rate.hpp"
#include "camera/frame_signal.hpp"
#include "camera/viewing.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

class Feed {
  public:
    struct Settings {
        std::chrono::milliseconds repeat_once_after{250};
        std::chrono::milliseconds repeat_every{5'000};
    };

    // How the source of the pictures is.
    struct Condition {
        bool live = false;           // pictures come
        bool hopeless = false;       // none will come soon: it is faulted, or closes
        bool over = false;           // none will come any more: whoever looks is to leave
        std::optional<Fault> fault;  // why
        // Until when picture() tells how things are; later it only tells how they were.
        SteadyTime picture_until = SteadyTime::max();
        bool operator==(const Condition&) const = default;
    };

    // Ends the wait of whoever owns it. Alive as long as that wait.
    class Interrupt {
      public:
        Interrupt() = default;
        Interrupt(const Interrupt&) = delete;
        Interrupt& operator=(const Interrupt&) = delete;

        // Nothing happens when nobody waits. The coroutine that does, and with it this object, may
        // be gone when the call returns.
        void raise() {
            if (wait_ != nullptr)
                wait_->wake();
        }

      private:
        friend class Feed;
        FrameSignal::Wait* wait_ = nullptr;
    };

    class Newer;
    class NewerUntil;

    // `name` is its camera's, for the log. `on_viewers` is called whenever a viewer has come or
    // gone, and throws nothing: with nobody looking the source may rest.
    Feed(Executor executor, std::string name, const Settings& settings,
         std::function<void()> on_viewers);
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;
    ~Feed();

    const std::string& name() const noexcept { return name_; }

    // What is to be shown now; null until there is something.
    const media::FramePtr& showing() const noexcept { return showing_; }
    std::uint64_t edition() const noexcept { return edition_; }
    // The edition with which its frame was shown first; those after it repeat the frame.
    std::uint64_t frame_edition() const noexcept { return frame_edition_; }
    // Frames that were shown here, cards included; a repeated one counts once.
    std::uint64_t frames() const noexcept { return frames_; }
    // When the present edition was published: a clock reading that all its viewers can share.
    SteadyTime edition_time() const noexcept { return edition_time_; }
    // When the next frame is to be expected, if they come regularly; nothing otherwise.
    std::optional<SteadyTime> next_frame_due() const noexcept;
    // Frames per second that came lately; 0 unless it is live, and until it is known.
    double rate(SteadyTime now) const noexcept;

    // The newest picture, never a card, however old; may be null.
    const media::FramePtr& picture() const noexcept { return picture_; }
    const Condition& condition() const noexcept { return condition_; }

    // There is something to show, and it is not edition `seen`.
    bool has_newer(std::uint64_t seen) const noexcept { return edition_ != seen && showing_; }

    // The one way to wait for a picture:
    //
    //     co_await feed.newer(seen, limit)               in an Awaitable
    //     co_await feed.newer(seen, interrupt)           in a Task; no allocation, no timer
    //     co_await feed.newer(seen, limit, interrupt)    in a Task
    //
    // Ends with true when there is something newer than edition `seen`. Ends with false at `limit`
    // (of the RunningClock), when it is interrupted, or when hope is lost (condition()): whoever
    // still wants a picture looks at why and waits again.
    Awaitable<bool> newer(std::uint64_t seen, SteadyTime limit);
    Newer newer(std::uint64_t seen, Interrupt& interrupt) noexcept;
    NewerUntil newer(std::uint64_t seen, SteadyTime limit, Interrupt& interrupt) noexcept;

    // How many look, and how many of them wait for the next edition at this moment.
    std::size_t viewers() const noexcept { return viewer_count_; }
    std::size_t waiting() const noexcept { return signal_.waiting(); }
    template <typename Visitor>
    void for_each_viewing(Visitor visit) const {
        for (const Viewing* viewing = viewings_; viewing != nullptr; viewing = viewing->next_)
            visit(*viewing);
    }

    // For the source. Viewers run before either returns.
    void publish(media::FramePtr frame);
    void set_condition(Condition condition);
    // Nothing is to be shown until the next publish(): the next viewer must not see what the last
    // one saw.
    void clear() noexcept;

  private:
    friend class Viewing;
    void enter(Viewing& viewing) noexcept;
    void leave(Viewing& viewing) noexcept;
    void viewers_changed() noexcept;

    Task wait_for_newer(std::uint64_t seen, SteadyTime limit);
    bool is_repeat() const noexcept { return edition_ != frame_edition_; }
    std::optional<SteadyTime> next_repeat() const noexcept;
    void on_time();

    [[no_unique_address]] OneThread loop_;
    Executor executor_;
    std::string name_;
    Settings settings_;
    std::function<void()> on_viewers_;
    FrameSignal signal_;
    LazyTimer timer_;

    media::FramePtr showing_;
    media::FramePtr picture_;
    std::uint64_t edition_ = 0;
    std::uint64_t frame_edition_ = 0;
    std::uint64_t frames_ = 0;
    SteadyTime edition_time_{};
    SteadyTime edition_began_{};  // the same moment on the RunningClock
    FrameRate rate_;
    Condition condition_;

    Viewing* viewings_ = nullptr;
    std::size_t viewer_count_ = 0;
};

// `near` of the signal: the 128 octets from the Interrupt on are fetched before the coroutine is
// resumed, so what a viewer touches with each frame lies behind its Interrupt.
class Feed::Newer {
  public:
    bool await_ready() const noexcept { return feed_.has_newer(seen_); }
    void await_suspend(std::coroutine_handle<> waiting) {
        wait_.await_suspend(waiting);
        interrupt_.wait_ = &wait_;
    }
    bool await_resume() noexcept {
        interrupt_.wait_ = nullptr;
        return feed_.has_newer(seen_);
    }

  private:
    friend class Feed;
    friend class NewerUntil;
    Newer(Feed& feed, std::uint64_t seen, Interrupt& interrupt) noexcept
        : feed_(feed), interrupt_(interrupt), seen_(seen), wait_(feed.signal_, &interrupt) {}

    Feed& feed_;
    Interrupt& interrupt_;
    std::uint64_t seen_;
    FrameSignal::Wait wait_;
};

class Feed::NewerUntil {
  public:
    bool await_ready() const noexcept { return newer_.await_ready(); }
    void await_suspend(std::coroutine_handle<> waiting);
    bool await_resume() noexcept;

  private:
    friend class Feed;
    NewerUntil(Feed& feed, std::uint64_t seen, SteadyTime limit, Interrupt& interrupt) noexcept
        : newer_(feed, seen, interrupt), limit_(limit) {}

    Newer newer_;
    SteadyTime limit_;
    std::optional<Deadline> deadline_;
};

inline Feed::Newer Feed::newer(std::uint64_t seen, Interrupt& interrupt) noexcept {
    return {*this, seen, interrupt};
}

inline Feed::NewerUntil Feed::newer(std::uint64_t seen, SteadyTime limit,
                                    Interrupt& interrupt) noexcept {
    return {*this, seen, limit, interrupt};
}

}  // namespace onlooker::camera
