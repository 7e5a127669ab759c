// The feed of one viewer who asked for `auto=1`: its pictures are those of a shared recipe, and
// which one, follows the viewer's link (auto_size.hpp).
//
//     the camera's Feed, or a variant's --the same frame--> AutoFeed's Feed <--newer-- its stream
//
// Nothing is copied or made for the viewer alone: frames are passed on. When the step changes, the
// feed of the one before is read until that of the next shows a frame that is newer than the last
// one shown, and a step that is about to bring a frame is left to bring it; so no frame goes
// backward and none is missing. A card is shown at once. A step that cannot be had, since as many
// recipes as may be are made, is told, and asked for again later.
//
// Owner: its stream, through View::keep. Thread: the loop. Errors: what a lack of memory costs is a
// frame or a step.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "camera/camera.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "variants/auto_size.hpp"
#include "variants/variants.hpp"

namespace onlooker::variants {

class AutoFeed final : public std::enable_shared_from_this<AutoFeed> {
  public:
    // Gives what a recipe shows of the camera, at the rate that the viewer asked for.
    using Open = std::function<std::variant<View, Variants::Full>(const media::Recipe&)>;

    struct Settings {
        // What the viewer wants beside: turned, part of it, no larger than.
        media::Recipe recipe;
        double rate = 0;      // frames per second that `Open` gives at most; 0: every one
        double min_rate = 0;  // see AutoSize
        std::string via;      // of the viewer, see camera::Viewing::Description
        camera::Feed::Settings feed;
    };

    // Begins with the largest step. `camera` is the feed of the camera, for its size and name.
    static std::variant<std::shared_ptr<AutoFeed>, Variants::Full> make(Executor executor,
                                                                        const camera::Feed& camera,
                                                                        Settings settings,
                                                                        Open open);

    AutoFeed(const AutoFeed&) = delete;
    AutoFeed& operator=(const AutoFeed&) = delete;
    ~AutoFeed();

    // For one viewer.
    camera::Feed& feed() noexcept { return feed_; }

    // What the viewer's path looks like at this moment. The step changes later, never below this
    // call.
    void look(const AutoSize::Path& path, SteadyTime now);

    // What is shown, as it is at any time; for /state and the heads of the parts.
    std::shared_ptr<const camera::AutoStep> told() const noexcept { return told_; }

  private:
    class Source;

    AutoFeed(Executor executor, const camera::Feed& camera, Settings settings, Open open);

    void go_to(AutoSize::Step step);
    void refuse(std::string why, SteadyTime now);
    media::Recipe recipe(AutoSize::Step step) const;
    unsigned largest() const;
    void on_edition(Source& source);
    void on_edition_of_next(const media::FramePtr& frame);
    void show(const media::FramePtr& frame);
    std::uint64_t sent() const noexcept;
    double source_rate(SteadyTime now) const noexcept;
    void tell();

    Executor executor_;
    const camera::Feed& camera_;
    Settings settings_;
    Open open_;
    camera::Feed feed_;
    AutoSize size_;
    std::shared_ptr<Source> source_;
    // The step to come, until it shows a frame that is newer.
    std::shared_ptr<Source> next_;
    AutoSize::Step next_step_ = 0;
    SteadyTime next_since_{};
    bool next_is_under_way_ = false;  // it has shown a frame
    unsigned held_ = 0;               // frames of source_ that were left to it, in succession

    std::uint64_t shown_ = 0;   // frames, no cards
    std::uint64_t number_ = 0;  // of the last one
    std::string refusal_;
    std::shared_ptr<camera::AutoStep> told_ = std::make_shared<camera::AutoStep>();
};

// As Variants::view(), for one viewer whose pictures' size follows its link.
struct AutoWish {
    media::Recipe recipe;
    double rate = 0;      // frames per second; 0: every frame
    double min_rate = 0;  // see AutoSize
    std::string via;      // of the viewer, see camera::Viewing::Description
};
std::variant<View, Variants::Full> auto_view(Executor executor, Variants& variants,
                                             camera::Camera& camera, AutoWish wish);

// For people: how large it is in terms of the source ("1", "3/4"), and why ("8.1 Mbit/s carry 26
// frames/s of 38 KB").
std::string scale_of(const camera::AutoStep& step);
std::string why(const camera::AutoStep& step);

}  // namespace onlooker::variants
