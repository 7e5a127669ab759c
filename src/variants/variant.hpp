// One recipe's feed: reads its camera's feed, has each frame made by the workshop, and publishes
// what comes back.
//
// Sizes of the source are known from its pictures, so what was asked for is made into its canonical
// form with the first one, and once more whenever the camera changes its size. Cards are made, too,
// in their order among the pictures; one that cannot be is shown as it is.
//
// Owner: variants/variants.hpp. Thread: the loop. Errors: a picture that cannot be made costs this
// variant that picture, and a line in the log.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/awaitable.hpp"
#include "media/frame.hpp"
#include "media/picture_size.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "variants/derived_feed.hpp"
#include "variants/making.hpp"
#include "variants/workshop.hpp"

namespace onlooker::variants {

class Variant final : public DerivedFeed, private Workshop::Receiver {
  public:
    struct Counts {
        std::uint64_t frames = 0;
        std::uint64_t overtaken = 0;
        std::uint64_t unusable = 0;
        std::chrono::nanoseconds making{};  // of the last one
    };

    Variant(Executor executor, Workshop& workshop, MakingPtr making, const media::Recipe& asked);
    Variant(const Variant&) = delete;
    Variant& operator=(const Variant&) = delete;
    ~Variant() = default;

    // As it was asked for, and as it is made of the camera's present size.
    const media::Recipe& asked() const noexcept { return asked_; }
    const media::Recipe& recipe() const noexcept { return order_->recipe; }
    const Counts& counts() const noexcept { return counts_; }
    const Making& making() const noexcept { return *making_; }

    // While it rests: as the camera's last picture is.
    void fit_to_camera();

    // The picture made of `frame`, if that was the last one.
    media::FramePtr made_of(const media::Frame& frame) const;

  private:
    void on_frame(const media::FramePtr& frame) override;
    void on_wake() override;
    void on_rest() noexcept override;
    // Workshop::Receiver
    void on_made(Workshop::Made made) override;

    void fit_to(media::PictureSize size);
    void set_need(std::optional<media::SharedDecodes::Need> need);
    void put(const Workshop::OrderPtr& order, const media::FramePtr& frame);
    void on_unusable(const media::FramePtr& source, const std::string& why);

    MakingPtr making_;
    media::Recipe asked_;
    media::PictureSize size_;  // of the source; 0 x 0: not known yet
    Workshop::OrderPtr order_;
    std::optional<media::SharedDecodes::Need> need_;  // as the decodes have it, while it is awake
    Counts counts_;
    Workshop::Mailbox mailbox_;
};

}  // namespace onlooker::variants
