// When a viewer's next frame may be chosen: at the moment its wire is about to be free.
//
// "Writable" is not that moment. The kernel takes a whole frame as soon as the one before has left
// its queue, long before that one has crossed a slow link; a frame chosen then is old when its turn
// comes (measured over 8 Mbit/s: 175 ms against 108). So the next frame is chosen when what is not
// yet acknowledged is at most what the path itself holds: its rate times its minimum round trip,
// and a little slack for acknowledgements on their way.
//
// The rate is the kernel's delivery rate (TCP_INFO), the best of the last two seconds, since a
// sample is low when we sent little. A burst, or a link that becomes slower, leaves samples behind
// that are too high; so what was really acknowledged in the best half second of the last one and a
// half, and a quarter more, is the upper bound. That bound is as low as what we had to send, which
// does no harm: a viewer that is on time has no more than that under way.
//
// A viewer that is on time must not pay for this: when its wire was free at so many frames in a
// row, one look in 32 frames is enough. That no frame fell short would not show it, since on a long
// path whole frames fit into the kernel while the queue grows; but with little unsent data allowed
// (TCP_NOTSENT_LOWAT), a frame that falls short shows at once that the wire has become slow.
//
// When the wire is about to be free and a newer frame is about to come, that one is worth a short
// wait: patience() is the time for which the wire is still busy, and so much longer that the waits
// cost about a fortieth of the wire's time in the mean, whatever the rates of frames and wire.
// Over 20 Mbit/s with 80 ms round trip and 30 fps that makes the median picture 9 ms fresher, over
// 8 Mbit/s 13 ms.
//
// On a busy machine a wait ends some milliseconds late, and each of them would leave the wire idle.
// So as much more may be left in the queue as the last waits were late, and as much less is waited
// for newer frames.
//
// Pure logic. Owner and thread: one stream, on the loop.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::endpoints {

class QueueRule {
  public:
    // At the end of this object, and all that a frame of a viewer on time touches: see Stream.
    static constexpr std::size_t octets_of_each_frame = 4 * sizeof(unsigned);

    // A frame was given to the kernel, whole.
    void sent() noexcept {
        ++frames_since_look_;
        waits_ = 0;
    }

    // The kernel did not take a frame in one piece: the viewer is late.
    void fell_short() noexcept { free_in_a_row_ = 0; }

    // False: choose the next frame now. True: get the path's state and ask time_to_wait().
    bool must_look() const noexcept {
        return free_in_a_row_ < free_looks_of_one_on_time ||
               frames_since_look_ >= frames_between_looks;
    }

    // How long to wait before looking again; zero: choose the next frame now.
    SteadyClock::duration time_to_wait(const http::PathState& path, SteadyTime now) noexcept;

    // A wait of that length ended so much later than it was meant to.
    void woke(SteadyClock::duration late) noexcept;

    // After time_to_wait() said zero: how long a newer frame may be waited for, of those that come
    // once in a `period`. Zero for a viewer that is on time.
    SteadyClock::duration patience(SteadyTime now, SteadyClock::duration period) const noexcept;

  private:
    static constexpr unsigned frames_between_looks = 32;
    static constexpr unsigned free_looks_of_one_on_time = 30;

    void note_free_wire(SteadyTime free) noexcept;
    double best_delivery_rate(const http::PathState& path, SteadyTime now) noexcept;
    double acknowledged_rate(const http::PathState& path, SteadyTime now) noexcept;

    // The highest delivery rate of this second and of the one before.
    struct Best {
        SteadyTime begin{};
        double rate = 0;  // octets per second
    };
    Best now_{};
    Best before_{};

    // What had been acknowledged when: oldest first, a quarter of a second or more apart.
    struct Mark {
        SteadyTime when{};
        std::uint64_t acknowledged = 0;
    };
    static double rate_between(const Mark& first, const Mark& last) noexcept;
    std::array<Mark, 6> marks_{};
    std::uint32_t mark_count_ = 0;

    // How late the next wake is to be expected.
    std::chrono::duration<std::int32_t, std::nano> lateness_{};

    SteadyTime wire_free_{};  // when it is, or was, as seen at the last frame
    SteadyClock::duration
        frame_time_{};  // since it was free before that; zero for a viewer on time

    // What a viewer on time touches at each frame, last: octets_of_each_frame.
    unsigned frames_since_look_ = 0;
    unsigned free_in_a_row_ = 0;
    unsigned waits_ = 0;  // since the last frame

    static constexpr bool frame_part_is_last() noexcept {
        return offsetof(QueueRule, frames_since_look_) + octets_of_each_frame >= sizeof(QueueRule);
    }
};

}  // namespace onlooker::endpoints
