// When a viewer's next frame may be chosen: at the moment its wire is about to be free.
//
// "Writable" is not that moment. The kernel takes a whole frame as soon as the one before has left
// its queue, long before that one has crossed a slow link; a frame chosen then is old when its turn
// comes (measured over 8 Mbit/s: 175 ms against 108). So the next frame is chosen when what is not
// yet acknowledged is at most what the path itself holds: delivery rate times minimum round trip,
// as the kernel measures them (TCP_INFO), and a little slack for acknowledgements on their way.
//
// A viewer that is on time must not pay for this. What the path can carry is known from the last
// look; as long as the last frame must have left by now, nothing is asked. A look is taken every so
// many frames, so that a link that has become slow is found out, and before each frame while the
// viewer is late.
//
// Pure logic. Owner and thread: one stream, on the loop.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "http/transport.hpp"

namespace onlooker::endpoints {

class QueueRule {
  public:
    using Clock = std::chrono::steady_clock;
    using Time = Clock::time_point;

    // A frame of that size was given to the kernel, whole, at `now`.
    void sent(std::size_t octets, Time now) noexcept;

    // The kernel did not take a frame in one piece: the viewer is late.
    void fell_short() noexcept { must_look_ = true; }

    // False: choose the next frame now. True: get the path's state and ask wait_for().
    bool must_look(Time now) const noexcept;

    // How long to wait before looking again; zero: choose the next frame now.
    Clock::duration wait_for(const http::PathState& path, Time now) noexcept;

  private:
    // One TCP_INFO in so many frames of a viewer that is on time.
    static constexpr unsigned frames_between_looks = 32;

    std::uint64_t best_rate(std::uint64_t newest, bool app_limited, Time now) noexcept;

    // The highest rate of the last two periods: a sample is low when we sent little.
    struct Period {
        Time begin{};
        std::uint64_t rate = 0;
    };
    static constexpr std::chrono::milliseconds period_length{1'000};
    Period now_{};
    Period before_{};

    Time wire_free_at_{};  // by the last look's rate
    std::uint64_t rate_ = 0;
    std::chrono::microseconds min_rtt_{};
    unsigned frames_since_look_ = 0;
    bool must_look_ = true;
};

}  // namespace onlooker::endpoints
