// The feeds that are made of the cameras' feeds: smaller, turned, lettered (a recipe), or with
// fewer frames (a rate). Whoever asks for the same is given the same feed, and its pictures are
// made once.
//
//     camera's Feed --newest frame--> Variant --mailbox--> worker --> Variant --publish--> its Feed
//
// A feed is there while somebody holds a View of it, and for the camera's idle time after that. Of
// recipes there are `most` at a time; one that nobody looks at any more makes room for a new one.
// What two recipes make of a camera's present size alike is shared; when the camera changes its
// size, such a feed follows the recipe that came first.
//
// Owner: the App; every View, and every wait, must be gone before it, and it before its cameras.
// Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/awaitable.hpp"
#include "camera/camera.hpp"
#include "camera/feed.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "variants/workshop.hpp"

namespace onlooker::variants {

class AutoFeed;

// What a viewer reads. The feed lives as long as `keep`.
struct View {
    camera::Feed* feed = nullptr;
    std::shared_ptr<void> keep;  // null: the camera's own feed
    // The same feed, where its size follows the viewer's link: it is to be told of that. Kept by
    // `keep`; null otherwise.
    AutoFeed* auto_feed = nullptr;
};

class Variants {
  public:
    struct Settings {
        std::size_t most = 16;  // recipes at a time
        unsigned workers = 0;   // threads; 0: one fewer than there are cores, 1 to 4
        std::chrono::milliseconds idle_after{10'000};
    };

    // As many recipes as there may be are made already.
    struct Full {
        std::string words;
    };

    // `maker`: see Workshop::Settings.
    Variants(Executor executor, const Settings& settings,
             std::function<Workshop::Make()> maker = {});
    Variants(const Variants&) = delete;
    Variants& operator=(const Variants&) = delete;
    // Ends the workers; a picture that is being made is finished first.
    ~Variants();

    // What `recipe` at `rate` frames a second shows of the camera; rate 0: every frame. A plain
    // recipe at rate 0 is the camera's own feed.
    std::variant<View, Full> view(camera::Camera& camera, const media::Recipe& recipe, double rate);

    // One picture: `frame` of the camera, made by `recipe` for this once; no feed comes or goes for
    // it. Those who ask for the same frame by the same recipe share it.
    struct Unusable {
        std::string why;
    };
    using Picture = std::variant<media::FramePtr, Unusable, Full>;
    Awaitable<Picture> picture(camera::Camera& camera, media::FramePtr frame, media::Recipe recipe);

    // For the status: what is made of a camera's pictures.
    struct Made {
        const media::Recipe& recipe;
        double rate;  // 0: every frame
        const camera::Feed& feed;
        // Of this recipe, since it is there.
        std::uint64_t frames = 0;     // made
        std::uint64_t overtaken = 0;  // by a newer one, before a worker was free
        std::uint64_t unusable = 0;
        std::chrono::nanoseconds making{};  // of the last frame: the work alone
    };
    void for_each(const camera::Camera& camera,
                  const std::function<void(const Made&)>& visit) const;

    // The camera goes. Nothing is made of it any more that nobody looks at; true when nothing at
    // all is, and the camera may be destroyed. Otherwise to be called again a moment later.
    bool forget(const camera::Camera& camera);

    // For good, when the cameras close: nobody is given a new feed or waits for a picture, and the
    // workers end.
    void close();
    // True when they have; false at `limit`.
    Awaitable<bool> wait_closed(SteadyTime limit);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace onlooker::variants
