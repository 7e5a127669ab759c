#include "import/rules.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/text.hpp"

namespace onlooker::importing {

namespace {

// Facts of mjpg-streamer's utils.c; "FHD" is 1920x1280 there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> named_sizes{{
    {"QSIF", "160x120"},
    {"QQVGA", "160x120"},
    {"QCIF", "176x144"},
    {"CGA", "320x200"},
    {"QVGA", "320x240"},
    {"CIF", "352x288"},
    {"PAL", "720x576"},
    {"VGA", "640x480"},
    {"SVGA", "800x600"},
    {"XGA", "1024x768"},
    {"HD", "1280x720"},
    {"SXGA", "1280x1024"},
    {"UXGA", "1600x1200"},
    {"FHD", "1920x1280"},
}};

constexpr unsigned largest_side = 16384;

std::optional<unsigned> side(std::string_view text) {
    const auto value = parse_number<unsigned>(text);
    return value && *value >= 1 && *value <= largest_side ? value : std::nullopt;
}

void set_side(Draft& draft, const Given& given, bool is_width) {
    if (!side(given.value))
        refuse(given, fmt::format("expected a whole number from 1 to {}", largest_side));
    const std::string* known = draft.camera().find("size");
    const std::string size = known == nullptr ? "640x480" : *known;
    const std::size_t middle = size.find('x');
    draft.camera().set("size", is_width ? given.value + size.substr(middle)
                                        : size.substr(0, middle + 1) + given.value);
}

}  // namespace

std::string size_of(const Given& given) {
    for (const auto& [name, size] : named_sizes) {
        if (equal_ignoring_case(given.value, name))
            return std::string(size);
    }
    const std::string_view value = given.value;
    const std::size_t middle = value.find_first_of("xX");
    if (middle == std::string_view::npos || !side(value.substr(0, middle)) ||
        !side(value.substr(middle + 1)))
        refuse(given, "expected WIDTHxHEIGHT, such as 1280x720");
    return fmt::format("{}x{}", value.substr(0, middle), value.substr(middle + 1));
}

void use_default_size(Draft& draft, std::string_view word) {
    if (draft.camera().find("size") != nullptr)
        return;
    draft.camera().set("size", "640x480");
    draft.remark(word,
                 "was not given, and 640x480 is what it takes then; without size= onlooker takes "
                 "the camera's largest up to 1280x720.");
}

double number_of(const Given& given, double lowest, double highest) {
    const auto value = parse_number<double>(given.value);
    // Written so that NaN is refused, too.
    if (!value || !(*value >= lowest && *value <= highest))
        refuse(given, fmt::format("expected a number from {} to {}", lowest, highest));
    return *value;
}

bool yes_of(const Given& given) {
    const auto yes = parse_yes_no(given.value);
    if (!yes)
        refuse(given, "expected yes or no, such as 1 or 0");
    return *yes;
}

std::string shown_number(double value) {
    std::string text = fmt::format("{:.3f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

Rule camera_key(std::string_view key) {
    return [=](Draft& draft, const Given& given) {
        if (given.value.empty())
            refuse(given, "expected a value, not nothing");
        draft.camera().set(key, given.value);
    };
}

Rule camera_number(std::string_view key, double lowest, double highest, std::string_view none) {
    return [=](Draft& draft, const Given& given) {
        if (given.value == none)
            return draft.camera().remove(key);
        draft.camera().set(key, shown_number(number_of(given, lowest, highest)));
    };
}

Rule camera_size() {
    return [](Draft& draft, const Given& given) { draft.camera().set("size", size_of(given)); };
}

Rule camera_width() {
    return [](Draft& draft, const Given& given) { set_side(draft, given, true); };
}

Rule camera_height() {
    return [](Draft& draft, const Given& given) { set_side(draft, given, false); };
}

Rule camera_flag(std::string_view key, std::string_view value) {
    return [=](Draft& draft, const Given& given) {
        if (given.value.empty() || yes_of(given))
            draft.camera().set(key, std::string(value));
    };
}

Rule camera_control(std::string_view id, std::string_view automatic) {
    return [=](Draft& draft, const Given& given) {
        if (equal_ignoring_case(given.value, "default"))
            return;
        const bool is_automatic = equal_ignoring_case(given.value, "auto");
        if (is_automatic && automatic.empty())
            refuse(given, "expected a number");
        if (!automatic.empty())
            draft.camera().set(automatic, is_automatic ? "1" : "0");
        if (!is_automatic)
            draft.camera().set(id, shown_number(number_of(given, -2147483648.0, 2147483647.0)));
    };
}

Rule camera_source() {
    return [](Draft& draft, const Given& given) {
        if (given.value.empty())
            refuse(given, "expected a device");
        draft.camera().source = given.value;
        if (given.value.find_first_of("%$") != std::string::npos)
            draft.remark(given.word,
                         "its value is filled in by a unit or a script; write what it stands for "
                         "into the line of the camera.");
    };
}

Rule setting(std::string_view name) {
    return [=](Draft& draft, const Given& given) { draft.set(name, given); };
}

Rule fixed_setting(std::string_view name, std::string_view value) {
    return [=](Draft& draft, const Given& given) {
        draft.set(name, {given.word, std::string(value)});
    };
}

Rule login_name() {
    return [](Draft& draft, const Given& given) { draft.need_login(given.value); };
}

Rule login_pair() {
    return [](Draft& draft, const Given& given) {
        draft.need_login(std::string_view(given.value).substr(0, given.value.find(':')));
    };
}

Rule remark(std::string_view text) {
    return [=](Draft& draft, const Given& given) { draft.remark(given.word, text); };
}

Rule ignored() {
    return [](Draft&, const Given&) {};
}

}  // namespace onlooker::importing
