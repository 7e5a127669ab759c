#include "app/option_layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "app/camera_spec.hpp"
#include "app/command_line.hpp"
#include "app/config_file.hpp"
#include "app/values.hpp"
#include "base/nearest_name.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"

namespace onlooker::app {

namespace {

using Values = std::vector<std::string>;

// A list of several says itself which of them is wrong.
std::string place_and_value(const Entry& entry) {
    return entry.values.size() == 1
               ? fmt::format("{} = {}", entry.place, shown_spec(entry.values.front()))
               : entry.place;
}

// Kept for later: some mistakes in a camera show only when its driver looks at it.
void remember_places(std::vector<CameraOption>& cameras, const Entry& entry) {
    for (std::size_t i = 0; i < cameras.size(); ++i)
        cameras[i].place = i < entry.places.size() ? entry.places[i] : entry.place;
}

// Splits at ';', but not inside a password, and leaves out empty pieces.
Values split_list(std::string_view text) {
    Values values;
    while (!text.empty()) {
        std::size_t end = std::min(text.find(';'), text.size());
        while (end < text.size() && is_inside_login(text, end))
            end = std::min(text.find(';', end + 1), text.size());
        if (end > 0)
            values.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return values;
}

constexpr std::string_view variable_prefix = "ONLOOKER_";

// The variable that `name` is surely meant to be, since it differs by a slip: ONLOOKER_CAMERA for
// ONLOOKER_CAMRA. ONLOOKER_HOME is none of ONLOOKER_HOST.
std::string misspelt_variable(std::string_view name) {
    std::string nearest;
    std::size_t smallest = std::max<std::size_t>(1, (name.size() - variable_prefix.size()) / 4) + 1;
    for (const Setting& setting : settings()) {
        const std::string known = setting.environment_name();
        const std::size_t distance = edit_distance(name, known);
        if (setting.is_for_environment() && distance < smallest) {
            smallest = distance;
            nearest = known;
        }
    }
    return nearest;
}

Entry file_entry(const std::string& file, const ConfigLine& line) {
    const std::string where = fmt::format("{}:{}", escaped(file), line.line);
    const Setting* setting = find_setting(line.key);
    if (setting == nullptr) {
        const std::string_view near = nearest_setting(line.key);
        // What is like no setting is not repeated: a password that was broken into two lines may
        // hold a '='.
        throw ConfigError(
            near.empty() ? fmt::format("{}: there is no setting of this name; see --help", where)
                         : fmt::format("{}: {}: there is no such setting; did you mean {}?", where,
                                       escaped(line.key, 60), near));
    }
    const std::string place = fmt::format("{}: {}", where, escaped(line.key, 60));
    if (!setting->is_for_file())
        throw ConfigError(fmt::format("{}: this is for the command line only", place));
    if (line.is_list && setting->kind != Setting::Kind::list)
        throw ConfigError(fmt::format("{}: expected one value, not a [list]", place));
    return {setting, line.values, place, Values(line.values.size(), place)};
}

// Repeated lines of a list make one list, whose place is that of its last line.
void add_to_layer(Layer& layer, Entry entry) {
    const auto earlier = std::ranges::find(layer, entry.setting, &Entry::setting);
    if (earlier == layer.end()) {
        layer.push_back(std::move(entry));
        return;
    }
    if (entry.setting->kind != Setting::Kind::list)
        throw ConfigError(
            fmt::format("{}: this is the second time; before: {}", entry.place, earlier->place));
    earlier->values.insert(earlier->values.end(), entry.values.begin(), entry.values.end());
    earlier->places.insert(earlier->places.end(), entry.places.begin(), entry.places.end());
    earlier->place = std::move(entry.place);
}

}  // namespace

Layer command_line_layer(const std::vector<std::string>& arguments) {
    Layer layer;
    for (auto& [setting, values] : read_command_line(arguments))
        layer.push_back({setting, std::move(values), setting->option_name()});
    return layer;
}

Layer environment_layer(const Environment& environment) {
    Layer layer;
    if (const auto camera = variable(environment, "CAMERA"); !camera.empty())
        layer.push_back({find_setting("camera"), split_list(camera), "CAMERA"});
    for (const Setting& setting : settings()) {
        const std::string name = setting.environment_name();
        const auto value = variable(environment, name);
        if (value.empty() || !setting.is_for_environment())
            continue;
        const bool is_list = setting.kind == Setting::Kind::list;
        layer.push_back({&setting, is_list ? split_list(value) : Values{std::string(value)}, name});
    }
    std::erase_if(layer, [](const Entry& entry) { return entry.values.empty(); });
    return layer;
}

Layer file_layer(const std::string& file) {
    Layer layer;
    for (const ConfigLine& line : parse_config(read_config_file(file), file)) {
        Entry entry = file_entry(file, line);
        // Checked line by line, so that an error in a list names its own line.
        Options scratch;
        lay_over(scratch, {entry});
        add_to_layer(layer, std::move(entry));
    }
    return layer;
}

void lay_over(Options& options, const Layer& layer) {
    for (const Entry& entry : layer) {
        try {
            entry.setting->apply(options, entry.values);
        } catch (const ValueError& error) {
            throw ConfigError(fmt::format("{}: {}", place_and_value(entry), error.what()));
        }
        if (entry.setting->name == "camera")
            remember_places(options.cameras, entry);
    }
}

void check_unknown_variables(Options& options, const Environment& environment) {
    static constexpr std::size_t longest = 80;
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(variable_prefix))
            continue;
        const Setting* known = nullptr;
        for (const Setting& setting : settings()) {
            if (setting.environment_name() == name)
                known = &setting;
        }
        if (known != nullptr && known->is_for_environment())
            continue;
        if (known == nullptr && name.size() <= longest) {
            if (const std::string near = misspelt_variable(name); !near.empty())
                throw ConfigError(
                    fmt::format("{}: there is no such setting; did you mean {}? (If it is meant "
                                "for another program, take it out of this one's environment.)",
                                escaped(name), near));
        }
        options.warnings.push_back(fmt::format(
            "the environment variable {} is no setting and is not used", escaped(name, longest)));
    }
}

std::string_view variable(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace onlooker::app
