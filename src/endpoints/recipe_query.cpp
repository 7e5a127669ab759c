#include "endpoints/recipe_query.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/text.hpp"
#include "media/overlay_painter.hpp"
#include "media/overlay_words.hpp"
#include "media/recipe_values.hpp"

namespace onlooker::endpoints {

namespace {

using media::Overlay;
using media::Recipe;
using media::Turn;

// A switch that stands there bare is on.
std::optional<bool> read_yes_no(std::string_view text) {
    return text.empty() ? true : parse_yes_no(text);
}

std::optional<bool> read_no_yes(std::string_view text) {
    const auto colour = read_yes_no(text);
    return colour ? std::optional(!*colour) : std::nullopt;
}

// ---- words ----

// One way to write a wish, and how its value is read: nothing if it is nonsense.
template <typename Value>
struct Spelling {
    std::string_view key;
    std::optional<Value> (*read)(std::string_view text);
    std::string_view meaning;  // behind "KEY is "
};

constexpr std::string_view a_width = "a number of pixels up to 65535, as in width=640";
constexpr std::string_view a_height = "a number of pixels up to 65535, as in height=480";
constexpr std::string_view a_size = "two numbers of pixels, as in resolution=640x480";
constexpr std::string_view a_rate = "a number of frames a second, as in fps=10 or fps=0.5";
constexpr std::string_view a_quality = "a number from 1 to 100, as in quality=60";
constexpr std::string_view a_turn = "a number of degrees: 90, 180, 270 or -90";
constexpr std::string_view a_switch = "1 or 0";

constexpr std::array rates{
    Spelling<double>{"fps", media::read_rate, a_rate},
    Spelling<double>{"maxfps", media::read_rate, a_rate},
};
constexpr std::array widths{
    Spelling<unsigned>{"width", media::read_pixels, a_width},
    Spelling<unsigned>{"w", media::read_pixels, a_width},
    Spelling<unsigned>{"maxwidth", media::read_pixels, a_width},
};
constexpr std::array heights{
    Spelling<unsigned>{"height", media::read_pixels, a_height},
    Spelling<unsigned>{"h", media::read_pixels, a_height},
    Spelling<unsigned>{"maxheight", media::read_pixels, a_height},
};
constexpr std::array sizes{
    Spelling<media::RecipeSize>{"resolution", media::read_size, a_size},
    Spelling<media::RecipeSize>{"size", media::read_size, a_size},
};
constexpr std::array scales{
    Spelling<unsigned>{"scale", media::read_scale,
                       "a part of the size, as in scale=1/2, scale=0.5 or scale=50%"},
};
constexpr std::array qualities{
    Spelling<unsigned>{"quality", media::read_quality, a_quality},
    Spelling<unsigned>{"q", media::read_quality, a_quality},
    Spelling<unsigned>{"compression", media::read_quality_of_compression,
                       "a number from 0 to 100, as in compression=30"},
};
constexpr std::array turns{
    Spelling<Turn>{"rotate", media::read_turn, a_turn},
    Spelling<Turn>{"rotation", media::read_turn, a_turn},
};
constexpr std::array flips{
    Spelling<media::RecipeFlip>{"flip", media::read_flip, "h, v or hv"},
};
constexpr std::array across{
    Spelling<bool>{"mirror", read_yes_no, a_switch},
    Spelling<bool>{"hflip", read_yes_no, a_switch},
};
constexpr std::array over{
    Spelling<bool>{"vflip", read_yes_no, a_switch},
};
constexpr std::array half_turns{
    Spelling<bool>{"invert", read_yes_no, a_switch},
};
constexpr std::array crops{
    Spelling<Recipe::Crop>{"crop", media::read_crop,
                           "left, top, width and height in pixels, as in crop=100,50,640,480"},
};
constexpr std::array greys{
    Spelling<bool>{"grey", read_yes_no, a_switch},
    Spelling<bool>{"gray", read_yes_no, a_switch},
    Spelling<bool>{"greyscale", read_yes_no, a_switch},
    Spelling<bool>{"grayscale", read_yes_no, a_switch},
    Spelling<bool>{"color", read_no_yes, a_switch},
    Spelling<bool>{"colour", read_no_yes, a_switch},
};
constexpr std::array lossless{
    Spelling<bool>{"lossless", read_yes_no, a_switch},
};
constexpr std::array autos{
    Spelling<bool>{"auto", read_yes_no, a_switch},
};
constexpr std::array least_rates{
    Spelling<double>{"min_fps", media::read_least_rate,
                     "a number of frames a second, as in min_fps=15"},
};

// ---- the query ----

constexpr std::size_t longest_told = 40;

class Reader {
  public:
    explicit Reader(const http::Query& query) : query_(query) {}

    // Empty where there is none.
    std::string_view text(std::string_view key) const {
        return trimmed(query_.get(key).value_or(""));
    }

    // What the spellings that are there say; nothing where there is none, or it is wrong.
    template <typename Value, std::size_t count>
    std::optional<Value> get(const std::array<Spelling<Value>, count>& spellings) {
        std::optional<Value> said;
        std::string by;
        for (const auto& spelling : spellings) {
            const std::string_view text = this->text(spelling.key);
            if (!query_.has(spelling.key) || (text.empty() && !std::is_same_v<Value, bool>))
                continue;
            const std::string here =
                fmt::format("{}={}", spelling.key, escaped(text, longest_told));
            const auto value = spelling.read(text);
            if (!value) {
                refuse(fmt::format("{}: {} is {}.", here, spelling.key, spelling.meaning));
                return std::nullopt;
            }
            if (said && *said != *value) {
                refuse(fmt::format("{} and {} contradict each other.", by, here));
                return std::nullopt;
            }
            said = value;
            by = here;
        }
        return said;
    }
    template <typename Value, std::size_t count>
    Value get_or(const std::array<Spelling<Value>, count>& spellings, Value otherwise) {
        return get(spellings).value_or(otherwise);
    }

    // The first reason counts.
    void refuse(std::string why) {
        if (why_.empty())
            why_ = std::move(why);
    }
    const std::string& refused() const noexcept { return why_; }

  private:
    const http::Query& query_;
    std::string why_;
};

void fill_size(Reader& reader, Recipe& recipe) {
    recipe.eighths = reader.get_or(scales, recipe.eighths);
    const auto width = reader.get(widths);
    const auto height = reader.get(heights);
    const auto both = reader.get(sizes);
    recipe.fit_width = width ? *width : both.value_or(media::RecipeSize{}).width;
    recipe.fit_height = height ? *height : both.value_or(media::RecipeSize{}).height;
    if (both && (recipe.fit_width != both->width || recipe.fit_height != both->height))
        reader.refuse("resolution and width or height contradict each other: give one of them.");
    if (recipe.eighths < 8 && (recipe.fit_width > 0 || recipe.fit_height > 0))
        reader.refuse("scale and width or height both say the size: give one of them.");
}

// Turned first, and then flipped as that is seen. Upside down is half a turn of the mirrored one.
void fill_turn(Reader& reader, Recipe& recipe) {
    const media::RecipeFlip flip = reader.get_or(flips, media::RecipeFlip{});
    const bool is_across = reader.get_or(across, false) || flip.across;
    const bool is_over = reader.get_or(over, false) || flip.over;
    auto quarters = static_cast<unsigned>(reader.get_or(turns, Turn::none));
    if (reader.get_or(half_turns, false))
        quarters += 2;
    if (is_over)
        quarters += 2;
    recipe.turn = static_cast<Turn>(quarters % 4);
    recipe.mirror = is_across != is_over;
}

// What is wrong may be told as a question already: "did you mean white?"
std::string as_sentence(const std::string& words) {
    return words.ends_with('?') ? words : words + '.';
}

void fill_overlay(Reader& reader, Recipe& recipe) {
    static constexpr std::array<std::string_view, 6> keys{"overlay",       "overlay_corner",
                                                          "overlay_size",  "overlay_colour",
                                                          "overlay_color", "overlay_zone"};
    Overlay overlay;
    for (const std::string_view key : keys) {
        const std::string_view text = reader.text(key);
        if (text.empty())
            continue;
        const auto colour = overlay.colour;
        if (const std::string why = media::take_overlay_word(overlay, key, text); !why.empty())
            reader.refuse(fmt::format("{}: {}", key, as_sentence(why)));
        if (key == "overlay_color" && !reader.text("overlay_colour").empty() &&
            colour != overlay.colour)
            reader.refuse("overlay_colour and overlay_color contradict each other.");
    }
    if (!overlay)
        return;  // what is said about no words changes no picture
    if (const std::string why = media::OverlayPainter::check(overlay); !why.empty())
        reader.refuse(fmt::format("overlay: {}", as_sentence(why)));
    recipe.overlay = std::move(overlay);
}

void refuse_contradictions(Reader& reader, const RecipeQuery& asked) {
    const Recipe& recipe = asked.recipe;
    if (!recipe.lossless)
        return;
    const auto refuse = [&reader](std::string_view word) {
        reader.refuse(
            fmt::format("lossless and {} contradict each other: lossless turns, flips, crops and "
                        "greys pictures without decoding them.",
                        word));
    };
    if (recipe.eighths < 8)
        refuse("scale");
    if (recipe.fit_width > 0 || recipe.fit_height > 0)
        refuse("a size");
    if (recipe.quality > 0)
        refuse("quality");
    if (recipe.overlay)
        refuse("overlay");
    if (asked.auto_size)
        refuse("auto");
}

}  // namespace

std::variant<RecipeQuery, http::Response> recipe_query(const http::Query& query) {
    Reader reader(query);
    RecipeQuery asked;
    asked.rate = reader.get_or(rates, asked.rate);
    asked.auto_size = reader.get_or(autos, asked.auto_size);
    asked.min_fps = reader.get_or(least_rates, asked.min_fps);
    Recipe& recipe = asked.recipe;
    fill_size(reader, recipe);
    recipe.quality = reader.get_or(qualities, recipe.quality);
    fill_turn(reader, recipe);
    recipe.crop = reader.get_or(crops, recipe.crop);
    recipe.grey = reader.get_or(greys, recipe.grey);
    recipe.lossless = reader.get_or(lossless, recipe.lossless);
    fill_overlay(reader, recipe);
    refuse_contradictions(reader, asked);
    if (!reader.refused().empty())
        return http::Response::error(400, reader.refused());
    return asked;
}

}  // namespace onlooker::endpoints
