#include "manual/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "manual/facts.hpp"

namespace onlooker::manual {

namespace {

constexpr std::size_t widest = 98;

constexpr std::string_view introduction =
    R"(# The settings of the service onlooker: lines `name = value`.
#
# All of them stand here, with what they do. Those that are commented out show their default, or an
# example where that is nothing; what is true or false is false unless it is said here.
# onlooker.conf(5) explains the form of this file.
#
#   onlooker --list-cameras                  shows the cameras of this machine, and the line for each
#   onlooker --help DRIVER                   shows the options of a driver: v4l2, libcamera, relay, ...
#   onlooker --check-config --config @sysconfdir@/onlooker/onlooker.conf
#                                            says whether this file is good
#   systemctl reload onlooker                takes it up; whoever watches goes on watching
#   systemctl restart onlooker               is needed for the settings that say "takes a restart"
#
# Only this machine can watch until host or listen say otherwise. Then either users names a file
# (made by `sudo onlooker user add NAME --users /var/lib/onlooker/users`), or public = true agrees
# that anyone on the network may. The service runs as the user onlooker, who must be able to read
# each file that is named here; what is made in /var/lib/onlooker by that command is that user's.
)";

// `text` in lines that begin with "# ".
std::string comment(std::string_view text) {
    std::string lines;
    std::size_t column = 0;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        if (column == 0 || column + 1 + word.size() > widest) {
            lines += column == 0 ? "#" : "\n#";
            column = 1;
        }
        lines += fmt::format(" {}", word);
        column += 1 + word.size();
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return lines + '\n';
}

std::string explained(const app::Setting& setting) {
    std::string text = one_line(setting.help);
    const std::string value = default_of(setting);
    // The line below shows it, too, where it is all that there is to show.
    if (!value.empty() && !value_for_file(setting).starts_with(value.substr(0, value.find(' '))))
        text += fmt::format(" Default: {}.", value);
    if (!changes_while_running(setting))
        text += " Takes a restart.";
    return text;
}

// Something has to be shown at the first start, on every machine.
constexpr std::string_view first_camera = "camera = emulated\n";

std::string line_of(const app::Setting& setting) {
    std::string line = fmt::format("#{} = {}\n", setting.name, value_for_file(setting));
    if (setting.name == "camera")
        line += first_camera;
    return line;
}

}  // namespace

std::string configuration(std::span<const app::Setting> settings) {
    std::string text(introduction);
    std::string_view group;
    for (const app::Setting& setting : settings) {
        if (!setting.is_for_file())
            continue;
        if (std::exchange(group, setting.group) != setting.group)
            text += fmt::format("\n\n########## {}\n", setting.group);
        text += "\n" + comment(explained(setting)) + line_of(setting);
    }
    return text;
}

}  // namespace onlooker::manual
