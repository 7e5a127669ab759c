#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "app/camera_name.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

using Written = std::vector<std::pair<const Setting*, std::vector<std::string>>>;

constexpr std::size_t option_column = 34;
constexpr std::size_t widest = 100;

constexpr const char* introduction =
    "Live pictures of your cameras for any number of browsers and programs, as Motion JPEG.";

constexpr std::array<Example, 5> all_examples{{
    {"onlooker", "The emulated camera, at http://localhost:5000 on this machine."},
    {"onlooker --camera v4l2:/dev/video0", "A camera of this machine."},
    {"onlooker --host 0.0.0.0 --public --camera bed=v4l2:/dev/video0,size=1280x720,fps=30",
     "The same, named and with a size, for everybody on the network."},
    {"onlooker --camera esp=relay:http://192.0.2.7:81/stream --camera pi",
     "Somebody else's stream, and the camera of a Raspberry Pi."},
    {"CAMERA=opencv OPENCV_CAMERA_SOURCE=1 onlooker", "A driver chosen by the environment."},
}};

constexpr const char* notes = R"(Logins:
  onlooker user add NAME --users FILE lets somebody in; onlooker token does so for a program, and
  onlooker link makes a URL that shows one camera for a while. Each has its own --help.

Environment and file:
  Each option is also a variable: --idle-seconds is ONLOOKER_IDLE_SECONDS; several cameras are
  separated by ';'. CAMERA is a driver or a whole SPEC; OPENCV_CAMERA_SOURCE is what the driver
  opencv opens when nothing else says. In the file of --config (or ONLOOKER_CONFIG) each option is
  a line `idle-seconds = 10`. The command line wins over the environment, that over the file.
  SIGHUP reads it again: cameras, limits and deadlines change at once, and the log names what
  takes a restart.)";

// CLI11 would print types, defaults and limits its own way; ours stand in the sentences.
class HelpFormatter : public CLI::Formatter {
  public:
    HelpFormatter() { column_width(option_column); }
    std::string make_option_opts(const CLI::Option* option) const override {
        const std::string placeholder = option->get_type_name();
        return placeholder.empty() ? placeholder : " " + placeholder;
    }
};

std::string described(const Setting& setting) {
    if (!setting.shown_default)
        return setting.help;
    Options defaults;
    const std::string value = setting.shown_default(defaults);
    if (value.empty())
        return setting.help;
    const std::size_t line = setting.help.size() - (setting.help.rfind('\n') + 1);
    const bool fits = option_column + line + value.size() + 3 <= widest;
    return fmt::format("{}{}[{}]", setting.help, fits ? ' ' : '\n', value);
}

// CLI11's versions differ in how many empty lines they put between groups.
std::string single_spaced(std::string text) {
    for (auto gap = text.find("\n\n\n"); gap != std::string::npos; gap = text.find("\n\n\n"))
        text.erase(gap, 1);
    return text;
}

std::string names_of(const Setting& setting) {
    return (setting.name == "help" ? "-h," : "") + setting.option_name();
}

// CLI11 only tells options from values; what a value means is the setting's business. Its own flags
// read their values themselves, and end the program with a number they cannot read.
void add_option(CLI::App& cli, const Setting& setting, Written& written) {
    using Kind = Setting::Kind;
    const Setting* row = &setting;
    const CLI::callback_t take = [row, &written](const CLI::results_t& values) {
        written.emplace_back(row, values);
        return true;
    };
    CLI::Option* option = cli.add_option(names_of(setting), take, described(setting));
    option->group(std::string(setting.group))->type_name(std::string(setting.placeholder));
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    if (setting.placeholder.empty())
        option->expected(0);
    else if (setting.placeholder.starts_with('['))
        option->expected(0, 1);
    if (setting.kind == Kind::list)
        option->expected(-1)->allow_extra_args(false)->multi_option_policy(
            CLI::MultiOptionPolicy::TakeAll);
}

std::unique_ptr<CLI::App> make_cli(Written& written) {
    auto cli = std::make_unique<CLI::App>(introduction, "onlooker");
    cli->formatter(std::make_shared<HelpFormatter>());
    cli->set_help_flag();
    cli->allow_extras();
    for (const Setting& setting : settings())
        add_option(*cli, setting, written);
    return cli;
}

// A word that follows others may be the rest of a password with a blank in it.
[[noreturn]] void refuse_word(const std::string& word, const std::vector<std::string>& arguments) {
    const auto place = std::ranges::find(arguments, word) - arguments.begin();
    if (place == 0)
        throw ConfigError(fmt::format("'{}' was not expected; options begin with --, see --help",
                                      without_secrets(word)));
    throw ConfigError(
        fmt::format("word {} of the command line was not expected; options begin with --, and a "
                    "value with a blank in it needs quotes around it; see --help",
                    place + 1));
}

[[noreturn]] void refuse(const std::string& word, const std::vector<std::string>& arguments) {
    const std::string name = word.substr(0, word.find('='));
    const std::string_view bare =
        std::string_view(name).substr(std::min(name.find_first_not_of('-'), name.size()));
    if (!word.starts_with('-') || !is_plain_name(bare))
        refuse_word(word, arguments);
    // Behind a letter stands its value, -phush.
    const std::string shown = word.starts_with("--") ? name : word.substr(0, 2);
    const std::string_view near = nearest_setting(bare);
    if (near.empty())
        throw ConfigError(fmt::format("unknown option {}; see --help", shown));
    throw ConfigError(fmt::format("unknown option {}; did you mean --{}?", shown, near));
}

}  // namespace

std::vector<std::pair<const Setting*, std::vector<std::string>>> read_command_line(
    const std::vector<std::string>& arguments) {
    Written written;
    const auto cli = make_cli(written);
    try {
        // CLI11 takes them from the back.
        cli->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ArgumentMismatch&) {
        // Only the last word can lack its value: CLI11 takes whatever follows for one.
        throw ConfigError(fmt::format("{} needs a value behind it; see --help",
                                      arguments.empty() ? "" : escaped(arguments.back(), 60)));
    } catch (const CLI::ParseError& error) {
        throw ConfigError(fmt::format("{}; see --help", escaped(error.what())));
    }
    if (const auto rest = cli->remaining(); !rest.empty())
        refuse(rest.front(), arguments);
    return written;
}

std::span<const Example> examples() {
    return all_examples;
}

std::string help_text(const std::vector<std::pair<std::string, std::string>>& drivers) {
    Written written;
    const auto cli = make_cli(written);
    std::string footer = "Drivers:\n";
    for (const auto& [name, summary] : drivers)
        footer += fmt::format("  {:<12} {}\n", name, summary);
    footer += "\nExamples:\n";
    for (const Example& example : examples())
        footer += fmt::format("  {}\n        {}\n", example.command, example.meaning);
    cli->footer(footer + "\n" + notes);
    return single_spaced(cli->help());
}

}  // namespace onlooker::app
