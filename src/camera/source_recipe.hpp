// What the program does to every picture of a camera before anybody is sent one, where the device
// cannot do it (`--camera ...,rotate=90,overlay=1`): a recipe, made as a viewer's variant is.
//
// A raw picture is turned, scaled and lettered in its planes, before the one encode that it has
// anyway. A JPEG is decoded and encoded once, whoever watches; what its coefficients can do costs
// neither.
//
// Owner and thread: a capture thread or a worker of one. Errors: a picture that cannot be made is a
// value with words; only a lack of memory is thrown.
#pragma once

#include <string>

#include "media/frame.hpp"
#include "media/jpeg_encoder.hpp"
#include "media/planes_pool.hpp"
#include "media/raw_image.hpp"
#include "media/raw_planes.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "media/variant_maker.hpp"

namespace onlooker::camera {

class SourceRecipe {
  public:
    using Result = media::VariantMaker::Result;

    // `title`: what people call the camera, for an overlay.
    SourceRecipe(media::Recipe recipe, std::string title,
                 const media::JpegEncoder::Settings& encoder);
    ~SourceRecipe();
    SourceRecipe(const SourceRecipe&) = delete;
    SourceRecipe& operator=(const SourceRecipe&) = delete;

    // Of a camera's JPEG. The frame itself where the recipe changes nothing of it.
    Result make(const media::FramePtr& frame);
    // Of a raw picture; null where the recipe changes nothing of it.
    Result make(const media::RawImage& raw, media::Frame::Description description);

  private:
    Result make(const media::FramePtr& frame, const media::Recipe& recipe);

    media::Recipe recipe_;
    media::Recipe recipe_of_raw_;  // which has no losses yet that could be spared
    std::string title_;
    media::JpegEncoder::Settings encoder_;
    media::SharedDecodes decodes_;
    media::VariantMaker maker_;
    media::RawPlanes raw_planes_;
    media::PlanesPool pool_;
};

}  // namespace onlooker::camera
