#include "app/driver_help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "app/picture_keys.hpp"

namespace onlooker::app {

namespace {

constexpr std::size_t widest = 100;
constexpr std::size_t widest_option = 28;  // a longer one stands on a line of its own

constexpr std::string_view for_any_driver =
    "For any driver: title, quality, subsampling, always_on, workers, allow_truncated, "
    "drop_same_frames, changed and max_viewers.";

// `text` in lines, the first of which begins at column `column`, the others at `indent`.
std::string wrapped(std::string_view text, std::size_t column, std::size_t indent) {
    std::string lines;
    bool begins = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (!begins && column + 1 + end > widest) {
            lines += '\n' + std::string(indent, ' ');
            column = indent;
            begins = true;
        }
        lines += (begins ? "" : " ") + std::string(text.substr(0, end));
        column += end + (begins ? 0 : 1);
        begins = false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines + '\n';
}

std::string written_as(const camera::OptionDescription& option) {
    return option.name + "=" + option.placeholder;
}

std::string explained(const camera::OptionDescription& option) {
    std::string text = option.meaning;
    // A placeholder that lists the values has said it.
    if (!option.expected.empty() && option.placeholder.find('|') == std::string::npos)
        text += fmt::format(" Takes {}.", option.expected);
    if (!option.when_absent.empty())
        text += fmt::format(" [{}]", option.when_absent);
    return text;
}

std::string option_lines(const std::vector<camera::OptionDescription>& options) {
    std::size_t longest = 0;
    for (const camera::OptionDescription& option : options)
        if (written_as(option).size() <= widest_option)
            longest = std::max(longest, written_as(option).size());
    const std::size_t column = longest + 4;
    std::string lines;
    for (const camera::OptionDescription& option : options) {
        const std::string name = "  " + written_as(option);
        lines += name.size() + 2 > column ? name + '\n' + std::string(column, ' ')
                                          : fmt::format("{:<{}}", name, column);
        lines += wrapped(explained(option), column, column);
    }
    return lines;
}

}  // namespace

std::string driver_help(const camera::DriverEntry& driver) {
    const std::string title = fmt::format("{}: {}", driver.name, driver.summary);
    std::string text = wrapped(title, 0, 0);
    text += fmt::format("\n  --camera [NAME=]{}[:SOURCE][,key=value...]\n", driver.name);
    if (!driver.source.empty())
        text += "\nSOURCE: " + wrapped(driver.source, 8, 8);
    if (!driver.options.empty())
        text += "\nOptions:\n" + option_lines(driver.options);
    if (!driver.other_keys.empty())
        text += "\n" + wrapped(driver.other_keys, 0, 0);
    const std::string beside = fmt::format("Done by this program to every picture: {}.",
                                           fmt::join(picture_keys_beside(driver), ", "));
    return text + "\n" + wrapped(for_any_driver, 0, 0) + wrapped(beside, 0, 0);
}

}  // namespace onlooker::app
