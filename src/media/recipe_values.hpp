// How the values of a recipe are written, in a URL and in an option: text becomes a value, or
// nothing where it is nonsense. Those of an overlay are read by overlay_words.hpp.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "media/recipe.hpp"

namespace onlooker::media {

// 0: as many as there are.
struct RecipeSize {
    unsigned width = 0;
    unsigned height = 0;
    bool operator==(const RecipeSize&) const = default;
};

struct RecipeFlip {
    bool across = false;  // left for right
    bool over = false;    // top for bottom
    bool operator==(const RecipeFlip&) const = default;
};

// "640"; up to the 65535 of the largest JPEG.
std::optional<unsigned> read_pixels(std::string_view text);
// "640x480"
std::optional<RecipeSize> read_size(std::string_view text);
// "10", "0.5", "1/2": frames a second, to the hundredth. 0: every frame, which 250 and more are.
std::optional<double> read_rate(std::string_view text);
// The same, and never 0.
std::optional<double> read_least_rate(std::string_view text);
// "1/2", "0.5", "50%", "50": in eighths, 1 to 8. A number above 1 is percent; 0 is all of it.
std::optional<unsigned> read_scale(std::string_view text);
// 1 to 100.
std::optional<unsigned> read_quality(std::string_view text);
// The quality of a compression in Axis's sense: 0 is the best picture, 100 the smallest.
std::optional<unsigned> read_quality_of_compression(std::string_view text);
// "90", "-90", "360": clockwise.
std::optional<Turn> read_turn(std::string_view text);
// "h", "horizontal", "v", "vertical", "hv", "vh", "both", "none", "0"
std::optional<RecipeFlip> read_flip(std::string_view text);
// "X,Y,W,H"
std::optional<Recipe::Crop> read_crop(std::string_view text);

}  // namespace onlooker::media
