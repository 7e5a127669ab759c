// Makes one frame of a recipe out of a frame of its source, the cheapest way: nothing where nothing
// is to be done, the JPEG's coefficients where they do, else its pixels, decoded no larger than
// needed and no oftener than once for all recipes (shared_decodes.hpp).
//
// Nothing is to be done where the recipe is plain, where grey is wanted of a grey picture, and
// where nothing but a quality is wanted and the source has no higher one, to judge by its
// quantisation tables (jpeg_quality.hpp): to encode it again would only lose.
//
// Owner and thread: one worker, since it keeps its buffers. Errors: a picture that cannot be made
// is a value with words; only a lack of memory is thrown.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "media/frame.hpp"
#include "media/jpeg_encoder.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"

namespace onlooker::media {

class VariantMaker {
  public:
    struct Source {
        FramePtr frame;
        std::string_view title;  // what people call the camera, for an overlay
        // Of the camera. A recipe's quality goes before; without one it is no higher than that of
        // the frame.
        JpegEncoder::Settings encoder;
        // The frame says in its part's header what was made of it. Not where it is the camera's
        // own.
        bool tells = true;
    };
    struct Unusable {
        std::string why;
    };
    using Result = std::variant<FramePtr, Unusable>;

    VariantMaker();
    ~VariantMaker();
    VariantMaker(const VariantMaker&) = delete;
    VariantMaker& operator=(const VariantMaker&) = delete;

    // A card (Frame::is_card) is scaled and nothing else, so that it can be read. The number and
    // the times of the frame are those of its source, but for Stamps::ready. May be the source's
    // frame itself.
    Result make(const Source& source, const Recipe& wanted, SharedDecodes& decodes);

    // What a recipe needs to have decoded of sources of that size; nothing where it needs none.
    static std::optional<SharedDecodes::Need> need_of(const Recipe& recipe);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace onlooker::media
