// Pictures that are made once: snapshots. They go through the workshop as the variants do, and
// those who ask for the same one share it, also a moment after it was made: clients that poll ask
// for the newest picture, and that changes no oftener than the camera's.
//
// Owner: variants/variants.hpp; every wait must be over before it goes. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>

#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "variants/making.hpp"
#include "variants/variants.hpp"
#include "variants/workshop.hpp"

namespace onlooker::variants {

class SinglePictures {
  public:
    // What a few workers make in about a second.
    static constexpr std::size_t most_waiting = 32;
    static constexpr std::size_t most_kept = 8;
    static constexpr std::chrono::milliseconds kept_for{1'000};

    SinglePictures(Executor executor, Workshop& workshop);
    SinglePictures(const SinglePictures&) = delete;
    SinglePictures& operator=(const SinglePictures&) = delete;
    ~SinglePictures();

    // `recipe` in its canonical form for this frame. Whoever waits may be destroyed at any time.
    Awaitable<Variants::Picture> make(MakingPtr making, media::FramePtr frame,
                                      media::Recipe recipe);

    // Nobody waits any longer.
    void close();

  private:
    class Job;
    using JobPtr = std::shared_ptr<Job>;

    JobPtr find(const Making& making, const media::Frame& frame, const media::Recipe& recipe) const;
    JobPtr begin(const MakingPtr& making, const media::FramePtr& frame,
                 const media::Recipe& recipe);
    std::size_t waiting() const;
    void forget_old();

    Executor executor_;
    Workshop& workshop_;
    std::list<JobPtr> jobs_;  // the oldest first
    LazyTimer timer_;
};

}  // namespace onlooker::variants
