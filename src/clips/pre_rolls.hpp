// Keeps the last pictures of all cameras for clips, with --pre-roll: without it nothing here looks
// at anything. A camera of which pictures are to be kept is captured all the time (--pre-roll keeps
// it open as always_on does); one that says always_on=false keeps those that somebody watched.
//
// The memory is that of the server: each camera has an equal part of it. Whoever keeps looks
// without being a viewer: it is not counted, and asks for no repetition.
//
// Owner: the App; it must go before the cameras. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "endpoints/status.hpp"
#include "media/frame.hpp"

namespace onlooker::clips {

class PreRolls {
  public:
    struct Settings {
        std::chrono::milliseconds time{0};  // 0: nothing is kept
        std::size_t octets = 0;             // of all cameras together
    };

    PreRolls() = default;
    PreRolls(const PreRolls&) = delete;
    PreRolls& operator=(const PreRolls&) = delete;
    ~PreRolls() { close(); }

    // From now on these cameras and no other. What is kept of those that stay is kept.
    void follow(const endpoints::Cameras& cameras, const Settings& settings);

    std::chrono::milliseconds time() const noexcept { return settings_.time; }

    // Those captured since then, the oldest first.
    std::vector<media::FramePtr> of(const camera::Camera& camera, SteadyTime begin) const;

    // Lets the cameras go.
    void close() noexcept;

  private:
    class Watch;

    Settings settings_;
    std::vector<std::shared_ptr<Watch>> watches_;
};

}  // namespace onlooker::clips
