// What all that is made of one camera's pictures has in common: its decoded pictures, how it is
// encoded, and what is said when one cannot be made.
//
// Owner: shared by the camera's variants and single pictures; it goes before the camera. Thread:
// the loop.
#pragma once

#include <memory>
#include <string_view>

#include "camera/camera.hpp"
#include "camera/repeated_warning.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "variants/workshop.hpp"

namespace onlooker::variants {

class Making {
  public:
    explicit Making(camera::Camera& camera);

    camera::Camera& camera() const noexcept { return camera_; }
    media::SharedDecodes& decodes() noexcept { return *decodes_; }

    Workshop::OrderPtr order(const media::Recipe& recipe) const;

    void tell_unusable(const media::Recipe& recipe, std::string_view why);

  private:
    camera::Camera& camera_;
    std::shared_ptr<media::SharedDecodes> decodes_;
    camera::RepeatedWarning warnings_;
};

using MakingPtr = std::shared_ptr<Making>;

// The canonical form for pictures like that one; null: their size is not known yet.
media::Recipe resolved_for(const media::Recipe& recipe, const media::FramePtr& picture);

}  // namespace onlooker::variants
