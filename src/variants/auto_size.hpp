// Which size of picture a viewer's link carries: the rule behind `auto=1`.
//
// The steps are full size, 3/4, 1/2, 3/8 and 1/4: few, so that viewers share them. What a step
// needs is the octets of its frames times their rate; they are learned as steps are shown, and
// estimated by area^0.8 until then.
//
// What the link carries is what was acknowledged in a window of half a second or more, by the time
// for which anything was under way: the kernel keeps both. On a link that is free in between, that
// is its rate (each frame also takes one round trip, which is subtracted); on one that is full, it
// is all there is. On a long path something is always under way, and what was acknowledged is only
// what there was to send. There the round trip tells more: a frame's last octets are acknowledged
// later than its first ones by the frame's time on the link. At most that much is believed.
//
// The wish is five frames in six, and 15 a second at least where the camera has them: then pictures
// are as fresh as they can be. With `min_fps=N` it is N, and the pictures are as large as that
// allows. A step is left when frames were missed and the link does not carry the wish, at once for
// the largest step that it carries; one that was carried before is left only after a bad second.
// The next larger one is taken when two windows say that there is a quarter more room than it
// needs, and now and then as a trial where nothing says that there is none. A step that was left is
// not taken again for two minutes, since a trial in vain is two changes, and one a minute is what a
// viewer on a steady link may see. The wait doubles, up to sixteen minutes, when it is left again
// before it has lasted as long. A link that looks half as fast again need not wait.
//
// A camera that is slow, a frame that is shown again, a card, a viewer's program that stops and
// goes on: none of them is the link, and none makes a step.
//
// Pure logic. Owner and thread: one AutoFeed, on the loop.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.hpp"

namespace onlooker::variants {

class AutoSize {
  public:
    using Step = std::size_t;  // 0: the largest
    // How large each is, as media::Recipe::eighths says it.
    static constexpr std::array<unsigned, 5> eighths{8, 6, 4, 3, 2};

    // What the kernel counts on the viewer's connection, since it began.
    struct Path {
        std::uint64_t acknowledged = 0;       // octets
        std::chrono::microseconds busy{};     // something was under way
        std::chrono::microseconds stopped{};  // of it: the viewer's buffer was full
        std::chrono::microseconds rtt{};      // as it is lately
        std::chrono::microseconds min_rtt{};
    };
    // Frames since the viewer came; what is shown again is none.
    struct Frames {
        std::uint64_t shown = 0;  // there were to be sent
        std::uint64_t sent = 0;
        double rate = 0;  // at which the camera gives them, per second; 0: not known yet
    };

    // `min_rate`: frames per second that are to arrive; 0: nearly all.
    explicit AutoSize(double min_rate) noexcept;

    // A look at the viewer's path: the step to be shown from now on, where it is another one. After
    // that answer the next is moved() or refused().
    std::optional<Step> look(const Path& path, const Frames& frames, SteadyTime now) noexcept;

    // The frames are those of that step now.
    void moved(Step step, SteadyTime now) noexcept;
    // The step that was asked for cannot be had.
    void refused(SteadyTime now) noexcept;
    // A frame of so many octets was shown, of the present step.
    void showed(std::size_t octets) noexcept;
    // The viewer wants none that is larger than so many eighths.
    void limit(unsigned largest) noexcept;
    unsigned eighths_of(Step step) const noexcept { return std::min(eighths[step], limit_); }
    bool is_largest() const noexcept { return eighths_of(step_) == limit_; }

    Step step() const noexcept { return step_; }
    // What is known, for people. Zero: not known.
    double capacity() const noexcept;  // octets per second
    // The link rested in between, and nobody knows how long it would carry so much.
    bool capacity_is_of_burst() const noexcept { return all_arrive_ && !was_full_lately(); }
    double octets(Step step) const noexcept;  // of a frame
    bool all_arrive() const noexcept { return all_arrive_; }

  private:
    // A window of the connection's counters, and what it says.
    struct Mark {
        SteadyTime when{};
        Path path;
        Frames frames;
    };
    struct Window {
        double seconds = 0;
        double capacity = 0;  // octets per second
        double rate = 0;      // of the source
        bool in_time = false;
        bool is_bound = false;  // the link may carry more than `capacity`
    };

    std::optional<Window> window(const Path& path, const Frames& frames, SteadyTime now) noexcept;
    bool viewer_stops(const Mark& end) noexcept;
    double capacity_in(const Mark& end, Window& window) const noexcept;
    std::optional<Step> smaller(const Window& window, double wish) noexcept;
    std::optional<Step> larger(const Window& window, double wish, SteadyTime now) noexcept;
    std::optional<Step> trial(const Window& window, double wish, Step next,
                              SteadyTime now) noexcept;
    double wish(double source_rate) const noexcept;
    double carried(double capacity, Step step) const noexcept;
    bool was_full_lately() const noexcept;
    bool is_allowed(Step step, double capacity, SteadyTime now) const noexcept;
    void note_failure(double evidence, SteadyTime now) noexcept;

    double min_rate_;
    unsigned limit_ = eighths.front();
    Step step_ = 0;
    bool is_asked_ = false;  // for another step
    std::optional<Mark> begin_;
    std::optional<SteadyTime> settled_;  // when the next window may begin
    unsigned stops_ = 0;                 // windows in succession in which the viewer held us back
    unsigned poor_ = 0;                  // windows in succession that did not carry the wish
    double poor_capacity_ = 0;           // their mean
    bool was_carried_ = false;           // the present step, in some window
    bool had_room_ = false;              // the window before, for the next larger step

    double capacity_ = 0;
    double full_ = 0;  // the same as it was when frames were missed last; 0: none ever were
    bool all_arrive_ = false;

    // Octets of a frame: their mean lately, at the present step; and of each step in terms of the
    // largest.
    double octets_ = 0;
    unsigned octets_of_ = 0;    // so many frames, up to a bound
    double octets_before_ = 0;  // at the step before
    Step step_before_ = 0;
    std::array<double, eighths.size()> share_{};

    // The last step up.
    struct Up {
        Step from = 0;
        Step step = 0;
        SteadyTime when{};
        double evidence = 0;  // the capacity as it looked before it
    };
    std::optional<Up> up_;
    // Of a step that had to be left.
    struct Failure {
        SteadyTime until{};
        double carried = 0;            // frames per second, as it looked
        SteadyClock::duration wait{};  // zero: it never failed
    };
    std::array<Failure, eighths.size()> failed_{};
    SteadyTime changed_{};  // the last step, or the first look
};

}  // namespace onlooker::variants
