#include "media/recipe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>

#include "media/orientation.hpp"
#include "media/overlay_words.hpp"

namespace onlooker::media {

namespace {

unsigned snapped_quality(unsigned quality) noexcept {
    return quality == 0 ? 0 : std::clamp((quality + 2) / 5 * 5, 5U, 95U);
}

// A part that is all of it is none.
Recipe::Crop within(Recipe::Crop crop, PictureSize size) noexcept {
    crop = bounded(crop, size);
    return crop.width == size.width && crop.height == size.height ? Recipe::Crop{} : crop;
}

unsigned eighths_of(unsigned side, unsigned eighths) noexcept {
    return static_cast<unsigned>((std::uint64_t{side} * eighths + 7) / 8);
}

// The smallest number of eighths of `side` that has `wanted` pixels; all of it at most.
unsigned eighths_for(unsigned wanted, unsigned side) noexcept {
    unsigned eighths = 1;
    while (eighths < 8 && eighths_of(side, eighths) < wanted)
        ++eighths;
    return eighths;
}

void settle_size(Recipe& recipe, PictureSize source) noexcept {
    if (recipe.crop)
        recipe.crop = within(recipe.crop, source);
    const PictureSize part =
        recipe.crop ? PictureSize{recipe.crop.width, recipe.crop.height} : source;
    const PictureSize shown = laid(part, {recipe.turn, recipe.mirror});
    if (recipe.fit_width > 0)
        recipe.eighths = std::min(recipe.eighths, eighths_for(recipe.fit_width, shown.width));
    if (recipe.fit_height > 0)
        recipe.eighths = std::min(recipe.eighths, eighths_for(recipe.fit_height, shown.height));
    recipe.fit_width = recipe.fit_height = 0;
    // Of a few pixels any number of eighths may be all of them.
    if (eighths_of(part.width, recipe.eighths) == part.width &&
        eighths_of(part.height, recipe.eighths) == part.height)
        recipe.eighths = 8;
}

bool is_laid(const Recipe& recipe) noexcept {
    return recipe.turn != Turn::none || recipe.mirror;
}

// A query's value may hold what would end it.
std::string escaped_value(std::string_view text) {
    constexpr std::string_view plain = "-_.~:,";
    std::string escaped;
    for (const char c : text) {
        const bool stays = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                           (c >= 'a' && c <= 'z') || plain.find(c) != std::string_view::npos;
        if (stays)
            escaped += c;
        else
            escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return escaped;
}

class Query {
  public:
    void add(std::string_view key, std::string_view value) {
        text_ += fmt::format("{}{}={}", text_.empty() ? "" : "&", key, value);
    }
    void add(std::string_view key, unsigned value) { add(key, fmt::format("{}", value)); }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

void add_lay(Query& query, const Recipe& recipe) {
    if (recipe.turn != Turn::none)
        query.add("rotate", static_cast<unsigned>(recipe.turn) * 90);
    if (recipe.mirror)
        query.add("flip", "h");
}

void add_overlay(Query& query, const Overlay& overlay) {
    if (!overlay)
        return;
    const Overlay usual;
    query.add("overlay", overlay.text == default_overlay_text ? "1" : escaped_value(overlay.text));
    if (overlay.corner != usual.corner)
        query.add("overlay_corner", name_of(overlay.corner));
    if (overlay.size != usual.size)
        query.add("overlay_size", overlay.size);
    if (overlay.colour != usual.colour)
        query.add("overlay_colour", colour_digits(overlay.colour));
    if (!overlay.zone.empty())
        query.add("overlay_zone", escaped_value(overlay.zone));
}

}  // namespace

Recipe resolved(Recipe recipe, unsigned width, unsigned height) {
    recipe.eighths = std::clamp(recipe.eighths, 1U, 8U);
    recipe.quality = snapped_quality(recipe.quality);
    if (!recipe.overlay)
        recipe.overlay = {};
    if (width > 0 && height > 0)
        settle_size(recipe, {width, height});
    const bool needs_pixels = recipe.eighths < 8 || recipe.fit_width > 0 || recipe.fit_height > 0 ||
                              recipe.quality > 0 || recipe.overlay;
    // Grey alone loses nothing anyway.
    if (needs_pixels || !(is_laid(recipe) || recipe.crop))
        recipe.lossless = false;
    if (needs_pixels || recipe.lossless || recipe.crop || recipe.grey || !is_laid(recipe))
        recipe.by_exif = false;
    return recipe;
}

std::string to_string(const Recipe& recipe) {
    Query query;
    if (recipe.crop)
        query.add("crop", fmt::format("{},{},{},{}", recipe.crop.x, recipe.crop.y,
                                      recipe.crop.width, recipe.crop.height));
    add_lay(query, recipe);
    if (recipe.fit_width > 0)
        query.add("width", recipe.fit_width);
    if (recipe.fit_height > 0)
        query.add("height", recipe.fit_height);
    if (recipe.eighths < 8) {
        const unsigned common = std::gcd(recipe.eighths, 8U);
        query.add("scale", fmt::format("{}/{}", recipe.eighths / common, 8 / common));
    }
    if (recipe.grey)
        query.add("grey", "1");
    if (recipe.lossless)
        query.add("lossless", "1");
    if (recipe.quality > 0)
        query.add("quality", recipe.quality);
    add_overlay(query, recipe.overlay);
    return query.take();
}

}  // namespace onlooker::media
