// What an import prints, and whether it is a configuration of ours that the drivers take, too.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "app/reports.hpp"
#include "drivers.hpp"
#include "import/import.hpp"
#include "support/config_file.hpp"

namespace onlooker::test {

// The lines that are no comments.
inline std::vector<std::string> settings_in(const std::string& text) {
    std::istringstream lines(text);
    std::vector<std::string> settings;
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty() && line.front() != '#')
            settings.push_back(line);
    }
    return settings;
}

inline std::string imported(app::Peer peer, const std::string& source,
                            const std::string& input = {}) {
    std::istringstream stream(input);
    return importing::import_configuration(peer, source, stream);
}

// The settings, once the program has read them as it reads any file.
inline std::vector<std::string> valid_settings(app::Peer peer, const std::string& source,
                                               const std::string& input = {}) {
    const std::string text = imported(peer, source, input);
    CAPTURE(text);
    const ConfigFile file(text);
    const app::Options options = app::load_options({"--config", file.path()}, {});
    const drivers::DriverTable table({});
    app::check_cameras(options, [&](std::string_view name) {
        // Modules need not be there.
        if (name != "v4l2" && name != "testcard" && name != "emulated")
            return camera::DriverEntry{
                .name = std::string(name), .summary = "", .make = [](const auto&) {
                    return std::unique_ptr<camera::Driver>();
                }};
        return table.find(name);
    });
    return settings_in(text);
}

// A comment begins with this word, or with several of which it is one.
inline bool remarks_on(const std::string& text, const std::string& word) {
    return text.find("\n# " + word + ": ") != std::string::npos ||
           text.find("\n# " + word + ", ") != std::string::npos ||
           text.find(", " + word + ": ") != std::string::npos ||
           text.find(", " + word + ", ") != std::string::npos;
}

}  // namespace onlooker::test
