#include "app/picture_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "app/camera_spec.hpp"
#include "app/values.hpp"
#include "camera/driver_options.hpp"
#include "media/overlay_painter.hpp"
#include "media/overlay_words.hpp"
#include "media/recipe_values.hpp"

namespace onlooker::app {

namespace {

using media::Recipe;

// What the keys say, before rotate and flip are one.
struct Wish {
    Recipe recipe;
    media::Turn turn = media::Turn::none;
    media::RecipeFlip flip;
};

template <typename Value>
Value expect(const std::optional<Value>& value, std::string_view expected) {
    if (!value)
        throw ValueError(fmt::format("expected {}", expected));
    return *value;
}

void take_rotate(Wish& wish, const std::string& value) {
    wish.turn = expect(media::read_turn(value), "90, 180 or 270 degrees, clockwise, or -90");
}

void take_flip(Wish& wish, const std::string& value) {
    wish.flip = expect(media::read_flip(value), "h (left for right), v (top for bottom) or hv");
}

// A comma separates keys, so that one of a crop would have to be written `\,`.
void take_crop(Wish& wish, std::string value) {
    std::ranges::replace(value, ':', ',');
    wish.recipe.crop =
        expect(media::read_crop(value), "X:Y:WIDTH:HEIGHT in pixels, as in crop=100:50:640:480");
}

void take_grey(Wish& wish, const std::string& value) {
    wish.recipe.grey = parse_boolean(value);
}

void take_scale(Wish& wish, const std::string& value) {
    wish.recipe.eighths = expect(media::read_scale(value), "a part, as 1/2, 0.5 or 50%");
}

void take_size(Wish& wish, const std::string& value) {
    const auto size = expect(media::read_size(value), "WIDTHxHEIGHT in pixels, as in size=640x480");
    wish.recipe.fit_width = size.width;
    wish.recipe.fit_height = size.height;
}

void take_lossless(Wish& wish, const std::string& value) {
    wish.recipe.lossless = parse_boolean(value);
}

struct Key {
    std::string_view name;
    void (*take)(Wish& wish, std::string value);
};

template <void (*take)(Wish&, const std::string&)>
void taken(Wish& wish, std::string value) {
    take(wish, value);
}

constexpr std::array keys{
    Key{"rotate", taken<take_rotate>},
    Key{"flip", taken<take_flip>},
    Key{"crop", take_crop},
    Key{"grey", taken<take_grey>},
    Key{"gray", taken<take_grey>},
    Key{"scale", taken<take_scale>},
    Key{"size", taken<take_size>},
    Key{"lossless", taken<take_lossless>},
};

bool has_key(const camera::DriverEntry& driver, std::string_view name) {
    return std::ranges::any_of(driver.options,
                               [name](const auto& option) { return option.name == name; });
}

// False: it is none of a picture.
bool take_key(Wish& wish, std::string_view name, const std::string& value) {
    if (media::is_overlay_key(name)) {
        if (const std::string why = media::take_overlay_word(wish.recipe.overlay, name, value);
            !why.empty())
            throw ValueError(why);
        return true;
    }
    const auto key = std::ranges::find(keys, name, &Key::name);
    if (key == keys.end())
        return false;
    key->take(wish, value);
    return true;
}

// Turned first, and then flipped as that is seen: upside down is half a turn of the mirrored one.
Recipe recipe_of(Wish wish) {
    Recipe recipe = std::move(wish.recipe);
    const unsigned quarters = static_cast<unsigned>(wish.turn) + (wish.flip.over ? 2 : 0);
    recipe.turn = static_cast<media::Turn>(quarters % 4);
    recipe.mirror = wish.flip.across != wish.flip.over;
    if (!recipe.overlay)
        recipe.overlay = {};  // what is said about no words changes no picture
    else if (const std::string why = media::OverlayPainter::check(recipe.overlay); !why.empty())
        throw ValueError("overlay: " + why);
    if (recipe.eighths < 8 && (recipe.fit_width > 0 || recipe.fit_height > 0))
        throw ValueError("scale and size both say the size; give one of them");
    if (recipe.lossless &&
        (recipe.eighths < 8 || recipe.fit_width > 0 || recipe.fit_height > 0 || recipe.overlay))
        throw ValueError(
            "lossless turns, flips, crops and greys; a size or an overlay takes "
            "pictures made from their pixels");
    return recipe;
}

}  // namespace

CameraKeys split_keys(const CameraOption& camera, const camera::DriverEntry& driver) {
    CameraKeys split;
    Wish wish;
    for (const auto& [name, value] : camera.values) {
        try {
            if (has_key(driver, name) || !take_key(wish, name, value))
                split.values.emplace(name, value);
        } catch (const ValueError& error) {
            // A value with an '@' in it may be a piece of a URL's login.
            const std::string shown = camera::shown_value(name, value);
            throw ValueError(
                fmt::format("{}={}: {}", name, shown,
                            shown == value ? error.what() : "a picture has no such value"));
        }
    }
    split.recipe = recipe_of(std::move(wish));
    return split;
}

std::vector<std::string_view> picture_keys_beside(const camera::DriverEntry& driver) {
    std::vector<std::string_view> names;
    for (const Key& key : keys)
        if (key.name != "gray" && !has_key(driver, key.name))
            names.push_back(key.name);
    names.emplace_back("overlay");
    return names;
}

}  // namespace onlooker::app
