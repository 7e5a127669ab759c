#include "media/recipe_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.hpp"

namespace onlooker::media {

namespace {

// The largest JPEG.
constexpr unsigned most_pixels = 65535;
// No camera gives more than 250 frames a second here; a larger wish is one for every frame.
constexpr double highest_rate = 250;
constexpr double largest_number = 1000;

// Digits and one point, with no sign and no exponent.
std::optional<double> decimal(std::string_view text) {
    if (!std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '.'; }))
        return std::nullopt;
    return parse_number<double>(text);
}

// "0.5" or "1/2".
std::optional<double> ratio(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return decimal(text);
    const auto above = decimal(text.substr(0, slash));
    const auto below = decimal(text.substr(slash + 1));
    if (!above || !below || *below <= 0)
        return std::nullopt;
    return *above / *below;
}

std::optional<unsigned> number_up_to(std::string_view text, unsigned most) {
    const auto number = parse_number<std::uint32_t>(text);
    return number && *number <= most ? number : std::nullopt;
}

}  // namespace

std::optional<unsigned> read_pixels(std::string_view text) {
    return number_up_to(text, most_pixels);
}

std::optional<RecipeSize> read_size(std::string_view text) {
    const auto cross = text.find_first_of("xX");
    if (cross == std::string_view::npos)
        return std::nullopt;
    const auto width = read_pixels(text.substr(0, cross));
    const auto height = read_pixels(text.substr(cross + 1));
    if (!width || !height)
        return std::nullopt;
    return RecipeSize{*width, *height};
}

std::optional<double> read_rate(std::string_view text) {
    const auto number = ratio(text);
    if (!number || *number > largest_number)
        return std::nullopt;
    if (*number == 0 || *number >= highest_rate)
        return 0;
    return std::max(1.0, std::round(*number * 100)) / 100;
}

std::optional<double> read_least_rate(std::string_view text) {
    const auto number = read_rate(text);
    return number && *number > 0 ? number : std::nullopt;
}

// In eighths.
std::optional<unsigned> read_scale(std::string_view text) {
    const bool percent = text.ends_with('%');
    auto number = ratio(percent ? text.substr(0, text.size() - 1) : text);
    if (!number || *number > largest_number)
        return std::nullopt;
    if (percent || (*number > 1 && text.find('/') == std::string_view::npos))
        *number /= 100;
    if (*number == 0)
        return 8;
    return static_cast<unsigned>(std::clamp(std::lround(*number * 8), 1L, 8L));
}

std::optional<unsigned> read_quality(std::string_view text) {
    const auto number = number_up_to(text, 100);
    return number && *number > 0 ? number : std::nullopt;
}

// Axis: 0 is the best picture, 100 the smallest.
std::optional<unsigned> read_quality_of_compression(std::string_view text) {
    const auto number = number_up_to(text, 100);
    return number ? std::optional(std::max(1U, 100 - *number)) : std::nullopt;
}

std::optional<Turn> read_turn(std::string_view text) {
    const auto degrees = parse_number<int>(text);
    if (!degrees || *degrees % 90 != 0 || *degrees < -360 || *degrees > 360)
        return std::nullopt;
    return static_cast<Turn>((*degrees / 90 + 4) % 4);
}

std::optional<RecipeFlip> read_flip(std::string_view text) {
    static constexpr std::array words{
        std::pair{std::string_view("h"), RecipeFlip{true, false}},
        std::pair{std::string_view("horizontal"), RecipeFlip{true, false}},
        std::pair{std::string_view("v"), RecipeFlip{false, true}},
        std::pair{std::string_view("vertical"), RecipeFlip{false, true}},
        std::pair{std::string_view("hv"), RecipeFlip{true, true}},
        std::pair{std::string_view("vh"), RecipeFlip{true, true}},
        std::pair{std::string_view("both"), RecipeFlip{true, true}},
        std::pair{std::string_view("none"), RecipeFlip{}},
        std::pair{std::string_view("0"), RecipeFlip{}},
    };
    for (const auto& [word, meaning] : words) {
        if (equal_ignoring_case(word, text))
            return meaning;
    }
    return std::nullopt;
}

std::optional<Recipe::Crop> read_crop(std::string_view text) {
    std::array<unsigned, 4> numbers{};
    for (unsigned& number : numbers) {
        const auto comma = std::min(text.find(','), text.size());
        const auto parsed = read_pixels(trimmed(text.substr(0, comma)));
        const bool is_last = &number == &numbers.back();
        if (!parsed || (comma == text.size()) != is_last)
            return std::nullopt;
        number = *parsed;
        text.remove_prefix(is_last ? comma : comma + 1);
    }
    const auto [x, y, width, height] = numbers;
    if (width == 0 || height == 0 || x + width > most_pixels || y + height > most_pixels)
        return std::nullopt;
    return Recipe::Crop{x, y, width, height};
}

}  // namespace onlooker::media
