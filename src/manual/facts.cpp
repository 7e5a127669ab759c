#include "manual/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/build_config.hpp"
#include "app/camera_spec.hpp"
#include "app/reload.hpp"

namespace onlooker::manual {

namespace {

using app::Setting;

// For settings whose default is nothing that could be written down.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> examples{{
    {"listen", "[http://localhost:5000, https://localhost:5443]"},
    {"allow-host", "cam.example.org"},
    {"allow-origin", "[http://mainsail.local, http://octopi.local]"},
    {"prefix", "/webcam"},
    {"tls-certificate", "@sysconfdir@/onlooker/certificate.pem"},
    {"tls-key", "@sysconfdir@/onlooker/key.pem"},
    {"users", "/var/lib/onlooker/users"},
    {"trusted-proxy", "127.0.0.1"},
    {"camera", "bed=v4l2:/dev/video0,size=1280x720,fps=30"},
    {"state-file", "/var/lib/onlooker/state.json"},
    {"overlay-font", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"},
    {"user", "onlooker"},
}};

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(at), text.size());
        pieces.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

// The meson option that a setting's default comes from; empty: it is no option of the build.
std::string build_option(const Setting& setting) {
    if (setting.name == "driver-dir")
        return "driver_dir";
    std::string option = "default_" + std::string(setting.name);
    std::ranges::replace(option, '-', '_');
    const std::vector<std::string> all = split(BUILD_DEFAULTS, ' ');
    return std::ranges::find(all, option) == all.end() ? std::string() : option;
}

bool can_be_written(const Setting& setting, const std::string& value) {
    try {
        app::Options scratch;
        setting.apply(scratch, {value});
        return true;
    } catch (const app::ValueError&) {
        return false;
    }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

}  // namespace

std::string default_of(const Setting& setting) {
    if (!setting.shown_default)
        return {};
    app::Options defaults;
    std::string value = setting.shown_default(defaults);
    const std::string option = build_option(setting);
    if (value.empty() || option.empty())
        return value;
    // A unit stays behind the number.
    const std::size_t unit = setting.name == "driver-dir" ? value.size() : value.find(' ');
    return fmt::format("@{}@{}", option, value.substr(std::min(unit, value.size())));
}

std::string value_for_file(const Setting& setting) {
    const auto* example =
        std::ranges::find(examples, setting.name, [](const auto& row) { return row.first; });
    if (example != examples.end())
        return std::string(example->second);
    if (setting.kind == Setting::Kind::flag)
        return "true";
    std::string value = default_of(setting);
    if (setting.placeholder == "SECONDS" && value.ends_with(" s"))
        value.resize(value.size() - 2);
    const bool is_filled_in = value.starts_with('@');
    return is_filled_in || can_be_written(setting, value) ? value
                                                          : std::string(setting.placeholder);
}

std::string placeholder_for_file(const Setting& setting) {
    if (setting.kind != Setting::Kind::flag)
        return std::string(setting.placeholder);
    std::string placeholder = "true|false";
    if (!setting.placeholder.empty())
        placeholder = "true|" + std::string(setting.placeholder);
    std::erase_if(placeholder, [](char c) { return c == '[' || c == ']'; });
    return placeholder;
}

std::vector<std::string> choices_of(const Setting& setting) {
    if (setting.name == "log-level") {
        using Level = app::LogLevel;
        std::vector<std::string> levels;
        for (const Level level :
             {Level::debug, Level::info, Level::warning, Level::error, Level::off})
            levels.emplace_back(to_string(level));
        return levels;
    }
    if (setting.placeholder.find('|') == std::string_view::npos)
        return {};
    return split(setting.placeholder, '|');
}

bool takes_file(const Setting& setting) {
    return setting.placeholder.find("FILE") != std::string_view::npos;
}

bool takes_folder(const Setting& setting) {
    return setting.placeholder.find("FOLDER") != std::string_view::npos;
}

bool changes_while_running(const Setting& setting) {
    const auto rules = app::change_rules();
    const auto rule = std::ranges::find(rules, setting.name, &app::ChangeRule::setting);
    return rule != rules.end() && rule->effect != app::Effect::after_restart;
}

std::string one_line(std::string_view help) {
    std::string line(help);
    std::ranges::replace(line, '\n', ' ');
    return line;
}

std::string first_sentence(std::string_view help) {
    std::string line = one_line(help);
    line = line.substr(0, line.find(". "));
    if (line.ends_with('.') && !line.ends_with("..."))
        line.pop_back();
    return line;
}

std::string without_address(std::string text) {
    replace_all(text,
                fmt::format("http://{}:{}", app::build_config::default_host,
                            app::build_config::default_port),
                "http://@default_host@:@default_port@");
    return text;
}

}  // namespace onlooker::manual
