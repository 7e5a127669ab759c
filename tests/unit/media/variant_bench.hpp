// A variant maker, and the reason why it made nothing.
#pragma once

#include <string>
#include <variant>

#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "media/variant_maker.hpp"

namespace onlooker::media {

struct Bench {
    // Null: `why` says why.
    FramePtr make(const FramePtr& frame, const Recipe& recipe) {
        auto made = maker.make({.frame = frame, .title = "Bed", .encoder = {}}, recipe, decodes);
        if (const auto* unusable = std::get_if<VariantMaker::Unusable>(&made)) {
            why = unusable->why;
            return nullptr;
        }
        return std::get<FramePtr>(made);
    }

    VariantMaker maker;
    SharedDecodes decodes;
    std::string why;
};

}  // namespace onlooker::media
