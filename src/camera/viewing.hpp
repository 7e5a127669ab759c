// A viewer as its feed knows it: present, and countable. While one is there, the source of the feed
// is kept awake.
//
// Owner: the stream, snapshot or other feed that looks. Thread: the loop. It must go before its
// feed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "camera/frame_rate.hpp"

namespace onlooker::camera {

class Feed;

// What a viewer is shown whose size follows its link, and why: see variants/auto_feed.hpp.
struct AutoStep {
    unsigned eighths = 8;  // of the source's size
    unsigned width = 0;    // pixels, of the last picture
    unsigned height = 0;
    double capacity = 0;       // of the link, octets per second; 0: not known yet
    double octets = 0;         // of a frame
    double larger_octets = 0;  // of one of the next larger step; 0: there is none
    bool all_arrive = false;   // of the frames
    bool is_burst = false;     // the link rested in between, and may carry less than `capacity`
    std::string refusal{};     // why a step could not be had
};

class Viewing {
  public:
    // What /state tells of a viewer, in uStreamer's words.
    struct Description {
        std::string key;
        bool extra_headers = false;
        bool advance_headers = false;
        bool dual_final_frames = false;
        bool zero_data = false;
        std::string via;     // through which relays it looks; see endpoints/loop_guard.hpp
        std::string format;  // "length", "ahead", "padded"; empty for a snapshot
        // Its size follows its link; changes while it looks. Null: it does not.
        std::shared_ptr<const AutoStep> auto_step;
        // It is itself a feed, and this is it: its viewers are whom to tell of.
        const Feed* shown_through = nullptr;
    };

    // How far the one who looks has come, asked for when somebody wants to know: no frame pays for
    // it.
    struct Progress {
        std::uint64_t edition = 0;  // of the feed, that was sent last
        std::size_t queued = 0;     // octets on their way: given to the kernel, not acknowledged
        std::uint64_t acknowledged = 0;  // octets
        // Frames that it did not get because its wire was busy; absent: all that it did not get.
        std::optional<std::uint64_t> skipped_for_link{};
    };
    class Observed {
      public:
        virtual Progress progress() const noexcept = 0;

      protected:
        ~Observed() = default;
    };

    // At the beginning of this object, and all that a frame touches: see endpoints/stream.cpp.
    static constexpr std::size_t octets_of_each_frame = sizeof(std::uint64_t) + sizeof(FrameRate);

    Viewing(Feed& feed, Description description);
    Viewing(const Viewing&) = delete;
    Viewing& operator=(const Viewing&) = delete;
    ~Viewing();

    // Unguessable and unique while the program runs; 16 hexadecimal digits.
    const std::string& id() const noexcept { return id_; }
    const Description& description() const noexcept { return description_; }

    // One more frame went out whole, at `now`: not one that went out before.
    void count_frame(SteadyTime now) noexcept {
        ++frames_;
        rate_.frame(now);
    }
    // Frames per second that went out lately.
    double rate(SteadyTime now) const noexcept { return rate_.at(now); }

    std::uint64_t frames() const noexcept { return frames_; }

    // Since when it looks, by the wall clock.
    std::chrono::system_clock::time_point since() const noexcept { return since_; }
    // Frames that its feed has shown since then: what it would have been sent on a free line.
    std::uint64_t offered() const noexcept;

    // Nothing is known of one that is not observed.
    void observe(const Observed& observed) noexcept { observed_ = &observed; }
    Progress progress() const noexcept {
        return observed_ != nullptr ? observed_->progress() : Progress{};
    }

  private:
    friend class Feed;

    // First: octets_of_each_frame.
    std::uint64_t frames_ = 0;
    FrameRate rate_;
    Feed* feed_;
    Description description_;
    std::string id_;
    std::chrono::system_clock::time_point since_;
    std::uint64_t offered_before_;
    const Observed* observed_ = nullptr;
    // The feed's list of those who look at it.
    Viewing* previous_ = nullptr;
    Viewing* next_ = nullptr;

    static constexpr bool frame_part_is_first() noexcept {
        return offsetof(Viewing, rate_) + sizeof(FrameRate) == octets_of_each_frame;
    }
};

}  // namespace onlooker::camera
