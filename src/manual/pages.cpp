#include "manual/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "manual/facts.hpp"
#include "manual/roff.hpp"

namespace onlooker::manual {

namespace {

using app::AccessCommand;
using app::Setting;

// "--help [DRIVER]", as somebody types it.
std::string option_term(const Setting& setting) {
    std::string term = setting.name == "help" ? roff_bold("-h") + ", " : std::string();
    term += roff_bold(setting.option_name());
    if (!setting.placeholder.empty())
        term += " " + roff_placeholder(setting.placeholder);
    return term;
}

std::string with_default(std::string_view help, const std::string& value) {
    std::string text = one_line(help);
    if (!value.empty())
        text += fmt::format(" Default: {}.", value);
    return text;
}

// A heading when another group begins.
std::string heading(std::string_view& group, const Setting& setting) {
    if (std::exchange(group, setting.group) == setting.group)
        return {};
    return fmt::format(".SS {}\n", setting.group);
}

std::string option_in_synopsis(const AccessCommand::Option& option) {
    std::string text = roff_bold(option.name);
    if (!option.placeholder.empty())
        text += "\\ " + roff_placeholder(option.placeholder);
    return text;
}

std::string as_sentence(std::string words) {
    if (!words.empty())
        words.front() = to_upper(words.front());
    return words + ".";
}

std::string driver_option(const camera::OptionDescription& option) {
    std::string text = option.meaning;
    // A placeholder that lists the values has said it.
    if (!option.expected.empty() && option.placeholder.find('|') == std::string::npos)
        text += fmt::format(" Takes {}.", option.expected);
    if (!option.when_absent.empty())
        text += fmt::format(" Default: {}.", option.when_absent);
    return roff_entry(roff_bold(option.name + "=") + roff_placeholder(option.placeholder), text);
}

}  // namespace

std::string option_entries(std::span<const Setting> settings) {
    std::string entries;
    std::string_view group;
    for (const Setting& setting : settings) {
        entries += heading(group, setting);
        entries +=
            roff_entry(option_term(setting), with_default(setting.help, default_of(setting)));
    }
    return entries;
}

std::string command_entries(const std::vector<AccessCommand>& commands) {
    std::string entries;
    for (const AccessCommand& command : commands) {
        std::string term = roff_bold("onlooker " + command.words);
        if (!command.argument.empty())
            term += " " + roff_placeholder(command.argument);
        for (const AccessCommand::Option& option : command.options) {
            const std::string text = option_in_synopsis(option);
            term += option.name == "--users" ? " " + text : fmt::format(" [{}]", text);
        }
        entries += roff_entry(term, command.help);
    }
    return entries;
}

std::string command_option_entries(const std::vector<AccessCommand>& commands) {
    std::string entries;
    std::set<std::string> told;
    for (const AccessCommand& command : commands) {
        for (const AccessCommand::Option& option : command.options) {
            if (!told.insert(option.name).second)
                continue;
            std::string help = without_address(option.help);
            if (const std::size_t value = help.rfind(" ["); help.ends_with(']'))
                help = fmt::format("{} Default: {}.", help.substr(0, value),
                                   help.substr(value + 2, help.size() - value - 3));
            entries += roff_entry(option_in_synopsis(option), help);
        }
    }
    return entries;
}

std::string example_entries(std::span<const app::Example> examples) {
    std::string entries;
    for (const app::Example& example : examples)
        entries += roff_entry(roff_bold(example.command), example.meaning);
    return entries;
}

std::string setting_entries(std::span<const Setting> settings) {
    std::string entries;
    std::string_view group;
    for (const Setting& setting : settings) {
        if (!setting.is_for_file())
            continue;
        entries += heading(group, setting);
        std::string text = with_default(setting.help, default_of(setting));
        if (!changes_while_running(setting))
            text += " Takes a restart.";
        entries += roff_entry(fmt::format("{} = {}", roff_bold(setting.name),
                                          roff_placeholder(placeholder_for_file(setting))),
                              text);
    }
    return entries;
}

std::string driver_section(const camera::DriverEntry& driver) {
    std::string section = roff_paragraph(as_sentence(driver.summary));
    section += fmt::format(".PP\n{}\\ {}\n", roff_bold("--camera"),
                           roff_placeholder("[NAME=]") + roff_bold(driver.name) +
                               roff_placeholder("[:SOURCE][,key=value...]"));
    if (!driver.source.empty())
        section += roff_entry(roff_placeholder("SOURCE"), driver.source);
    for (const camera::OptionDescription& option : driver.options)
        section += driver_option(option);
    if (!driver.other_keys.empty())
        section += ".PP\n" + roff_paragraph(driver.other_keys);
    return section;
}

}  // namespace onlooker::manual
