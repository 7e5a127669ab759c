#include "app/camera_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "app/values.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"

namespace onlooker::app {

namespace {

constexpr std::string_view control_prefix = "ctrl.";

bool is_name_octet(char c) noexcept {
    return is_alphanumeric(c) || c == '_' || c == '-';
}

// The length of `key=` at the start of `text`, with the '='; 0 when there is none. The only dot
// that a key may have is the one of `ctrl.`, so that a source with dots in it needs no care.
std::size_t key_length(std::string_view text) noexcept {
    const std::string_view name =
        text.starts_with(control_prefix) ? text.substr(control_prefix.size()) : text;
    const auto end = std::ranges::find_if_not(name, is_name_octet);
    if (end == name.begin() || end == name.end() || *end != '=')
        return 0;
    return text.size() - name.size() + static_cast<std::size_t>(end - name.begin()) + 1;
}

// The next comma at or behind `from` that is not written `\,`.
std::size_t find_comma(std::string_view text, std::size_t from) noexcept {
    for (std::size_t i = from; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',')
            ++i;
        else if (text[i] == ',')
            return i;
    }
    return text.size();
}

// Where the first `,key=` begins that is not part of a password; the whole length when there is
// none.
std::size_t find_options(std::string_view text) noexcept {
    std::size_t comma = find_comma(text, 0);
    while (comma < text.size() &&
           (key_length(text.substr(comma + 1)) == 0 || is_inside_login(text, comma)))
        comma = find_comma(text, comma + 1);
    return comma;
}

std::string without_escapes(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',')
            ++i;
        result += text[i];
    }
    return result;
}

// The program's own keys; false: it is one for the driver.
bool take_program_key(CameraOption& camera, std::string_view key, const std::string& value) {
    if (key == "title")
        camera.title = value;
    else if (key == "quality")
        camera.quality = parse_whole<unsigned>(value, 1, 100);
    else if (key == "subsampling")
        camera.subsampling = parse_subsampling(value);
    else if (key == "workers")
        camera.encode_workers = parse_whole<unsigned>(value, 0, 16);
    else if (key == "always_on" || key == "always-on")
        camera.always_on = parse_boolean(value);
    else if (key == "max_viewers" || key == "max-viewers")
        camera.max_viewers = parse_whole<std::size_t>(value, 0, 1'000'000);
    else if (key == "allow_truncated" || key == "allow-truncated")
        camera.allow_truncated = parse_boolean(value);
    else if (key == "drop_same_frames" || key == "drop-same-frames")
        camera.drop_same_frames = parse_drop_same_frames(value);
    else if (key == "changed")
        camera.changed = parse_whole<unsigned>(value, 0, 255);
    else
        return false;
    return true;
}

constexpr std::string_view hidden = "***";

// What stands behind the source of `spec` may be the rest of a password with a comma in it: the
// login of a URL ends with an '@'.
bool may_be_of_password(std::string_view spec, std::size_t options) noexcept {
    return spec.substr(0, options).find("://") != std::string_view::npos &&
           spec.find('@', options) != std::string_view::npos;
}

void take_option(CameraOption& camera, std::string_view option, std::set<std::string>& seen,
                 bool hides) {
    const std::size_t length = key_length(option);
    if (length == 0)
        throw ValueError(fmt::format(
            "'{}' stands where key=value was expected; a comma that is "
            "part of a value is written \\,",
            hides || std::ranges::any_of(seen, is_secret_key) ? hidden : without_secrets(option)));
    const std::string key(option.substr(0, length - 1));
    const std::string value = without_escapes(option.substr(length));
    if (!seen.insert(key).second)
        throw ValueError(fmt::format("the key {} is there twice", hides ? hidden : key));
    try {
        if (!take_program_key(camera, key, value))
            camera.values.emplace(key, value);
    } catch (const ValueError& error) {
        throw ValueError(
            fmt::format("{}={}: {}", key, hides ? hidden : without_secrets(value), error.what()));
    }
}

// A piece of a list that was cut inside a login ends with an '@' where a spec has its driver.
bool is_end_of_login(std::string_view spec) noexcept {
    const std::size_t head = std::min(spec.find_first_of(":@"), spec.size());
    return spec.substr(head).starts_with('@');
}

std::string why_no_name(std::string_view name) {
    std::string words = fmt::format(
        "'{}' is no name for a camera; expected 1 to {} letters a to z, digits, '_' or '-', since "
        "it stands in URLs",
        readable(name, 60), longest_name);
    if (const std::string plain = plain_name_for(name); !plain.empty())
        words += fmt::format("; call it {}, and give people the other one to read: {}=...,title={}",
                             plain, plain, readable(name, 60));
    return words;
}

// Takes `NAME=` off the front of `spec`.
std::string take_name(std::string_view& spec) {
    const std::size_t end = spec.find_first_of("=:,");
    if (end == std::string_view::npos || spec[end] != '=')
        return {};
    std::string name(spec.substr(0, end));
    if (!is_plain_name(name))
        throw ValueError(why_no_name(is_end_of_login(spec) ? hidden : name));
    spec.remove_prefix(end + 1);
    return name;
}

}  // namespace

std::string shown_spec(std::string_view spec) {
    if (is_end_of_login(spec))
        return std::string(hidden);
    // The ':' behind the driver is none of a login.
    const std::size_t source = std::min(spec.find(':'), spec.size() - 1) + 1;
    const bool has_head = std::ranges::all_of(spec.substr(0, source - 1),
                                              [](char c) { return is_name_octet(c) || c == '='; });
    if (!has_head || spec.substr(source).starts_with("//"))
        return without_secrets(spec);
    return std::string(spec.substr(0, source)) + without_secrets(spec.substr(source));
}

CameraOption parse_camera(std::string_view spec) {
    CameraOption camera;
    camera.name = take_name(spec);
    const std::size_t options = find_options(spec);
    const std::string_view device = spec.substr(0, options);
    const std::size_t colon = device.find(':');
    camera.driver = std::string(device.substr(0, colon));
    if (!is_plain_name(camera.driver) || camera.driver.front() == '-')
        throw ValueError(
            fmt::format("'{}' is no name of a driver; expected "
                        "[NAME=]DRIVER[:SOURCE][,key=value...]",
                        is_end_of_login(spec) ? hidden : without_secrets(camera.driver)));
    if (colon != std::string_view::npos)
        camera.source = without_escapes(device.substr(colon + 1));

    std::set<std::string> seen;
    const bool hides = may_be_of_password(spec, options);
    for (std::size_t comma = options; comma < spec.size();) {
        const std::size_t next = find_comma(spec, comma + 1);
        take_option(camera, spec.substr(comma + 1, next - comma - 1), seen, hides);
        comma = next;
    }
    return camera;
}

void name_cameras(std::vector<CameraOption>& cameras) {
    std::set<std::string> names;
    for (const CameraOption& camera : cameras) {
        if (!camera.name.empty() && !names.insert(camera.name).second)
            throw ValueError(
                fmt::format("two cameras are named {}; each needs a name of its own", camera.name));
    }
    for (CameraOption& camera : cameras) {
        for (unsigned number = 1; camera.name.empty(); ++number) {
            const std::string name = number == 1 ? "camera" : fmt::format("camera{}", number);
            if (names.insert(name).second)
                camera.name = name;
        }
    }
}

}  // namespace onlooker::app
