// The table of settings: one row says what a setting is called, what it takes, how it is explained
// and where in Options it goes. Command line, environment, file and --help are all made from it.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"

namespace onlooker::app {

struct Setting {
    enum class Kind : std::uint8_t {
        flag,    // on the command line it stands alone; elsewhere it is true or false
        single,  // one value
        list,    // may be repeated
        action,  // command line only: does something else than serving; --help may have a value
        file,    // --config: not itself in a file
    };

    std::string_view name;         // "idle-seconds"; in a file also with '_'
    std::string_view group;        // heading in --help
    std::string_view placeholder;  // "SECONDS"
    std::string help;              // one sentence; further lines after '\n'
    Kind kind = Kind::single;
    // Throws ValueError with what was expected. Gets one value, or all those of a list.
    std::function<void(Options&, const std::vector<std::string>&)> apply;
    // The default as --help shows it; empty: none worth showing.
    std::function<std::string(Options&)> shown_default;

    std::string option_name() const { return "--" + std::string(name); }
    std::string environment_name() const;  // ONLOOKER_IDLE_SECONDS
    bool is_for_file() const noexcept { return kind != Kind::action && kind != Kind::file; }
    bool is_for_environment() const noexcept { return kind != Kind::action; }
};

// In the order of --help. Thread: any; it is made once.
std::span<const Setting> settings();

// By its name, '_' taken for '-'; nullptr: none.
const Setting* find_setting(std::string_view name);

// The known name that `name` was most likely meant to be; empty: none is near.
std::string_view nearest_setting(std::string_view name);

}  // namespace onlooker::app
