#include "camera/source_recipe.hpp"

#include <string_view>
#include <utility>
#include <variant>

#include "media/planar_picture.hpp"

namespace onlooker::camera {

SourceRecipe::SourceRecipe(media::Recipe recipe, std::string title,
                           const media::JpegEncoder::Settings& encoder)
    : recipe_(std::move(recipe)),
      recipe_of_raw_(recipe_),
      title_(std::move(title)),
      encoder_(encoder) {
    recipe_of_raw_.lossless = false;
    // Kept are the buffers, from picture to picture. How large one is decoded is told with each: by
    // a size in pixels no more is known than that it may be all of it.
    decodes_.add({.eighths = 1, .colour = false});
}

SourceRecipe::~SourceRecipe() = default;

SourceRecipe::Result SourceRecipe::make(const media::FramePtr& frame) {
    return make(frame, recipe_);
}

SourceRecipe::Result SourceRecipe::make(const media::RawImage& raw,
                                        media::Frame::Description description) {
    auto planes = pool_.get();
    if (const std::string_view error =
            raw_planes_.load(raw, media::sampling_of(encoder_.subsampling), *planes);
        !error.empty())
        return media::VariantMaker::Unusable{std::string(error)};
    description.planes = std::move(planes);
    // A frame that has its planes and no JPEG: none is made until they are as they are to be.
    const media::FramePtr frame = media::Frame::make(description, {});
    Result made = make(frame, recipe_of_raw_);
    if (const auto* same = std::get_if<media::FramePtr>(&made); same != nullptr && *same == frame)
        return media::FramePtr();
    return made;
}

SourceRecipe::Result SourceRecipe::make(const media::FramePtr& frame, const media::Recipe& recipe) {
    return maker_.make({.frame = frame, .title = title_, .encoder = encoder_, .tells = false},
                       recipe, decodes_);
}

}  // namespace onlooker::camera
