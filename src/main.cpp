// Reads the options, then runs what they ask for. Only here do the drivers and the program meet.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/ask_password.hpp"
#include "app/access_commands.hpp"
#include "app/app.hpp"
#include "app/command_line.hpp"
#include "app/core_dump.hpp"
#include "app/driver_help.hpp"
#include "app/log.hpp"
#include "app/options.hpp"
#include "app/reports.hpp"
#include "base/heap.hpp"
#include "base/logging.hpp"
#include "drivers.hpp"
#include "http/wire/descriptor_limit.hpp"
#include "http/wire/inherited_sockets.hpp"
#include "import/import.hpp"
#include "media/overlay_fonts.hpp"
#include "openssl_module/openssl_module.hpp"

namespace {

using namespace onlooker;

constexpr int exit_good = 0;
constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

std::vector<std::string> names_of(const std::vector<camera::DriverEntry>& entries) {
    std::vector<std::string> names;
    names.reserve(entries.size());
    for (const camera::DriverEntry& entry : entries)
        names.push_back(entry.name);
    return names;
}

// Built-in drivers and modules, except modules that cannot be loaded: a broken one must not spoil
// --help.
std::vector<camera::DriverEntry> all_drivers(const drivers::DriverTable& table) {
    std::vector<camera::DriverEntry> all = table.built_in();
    for (const std::string& name : table.module_names()) {
        try {
            all.push_back(table.find(name));
        } catch (const std::exception& error) {
            std::fprintf(stderr, "onlooker: %s\n", error.what());
        }
    }
    return all;
}

app::DriverSummaries summaries(const drivers::DriverTable& table) {
    app::DriverSummaries lines;
    for (const camera::DriverEntry& entry : all_drivers(table))
        lines.emplace_back(entry.name, entry.summary);
    return lines;
}

camera::DriverEntry driver_for_help(const drivers::DriverTable& table, const std::string& name) {
    try {
        return table.find(name);
    } catch (const drivers::DriverNotFound& error) {
        throw app::ConfigError(error.what());  // the user wrote the name: a usage error
    }
}

int say(const std::string& text) {
    const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
    return written ? exit_good : exit_failed;
}

std::vector<std::filesystem::path> module_folders(const std::string& asked) {
    return drivers::module_folders(asked, std::string(app::build_config::driver_dir));
}

// onlooker user, token, link and key.
int change_access(const std::vector<std::string>& arguments, const app::Environment& environment) {
    const auto users = environment.find("ONLOOKER_USERS");
    const access::Said said = app::run_access_command(
        arguments, users == environment.end() ? "" : users->second,
        [](std::string_view user) { return access::ask_new_password(user); });
    std::fputs(said.remark.c_str(), stderr);
    return say(said.output);
}

int serve(const app::Options& options, const app::FindDriver& find,
          app::Surroundings surroundings) {
    surroundings.sockets = http::take_inherited_sockets(surroundings.environment, ::getpid());
    if (!options.users.empty() || !options.tls_key.empty())
        app::forbid_core_dumps();
    // Before the log, which takes descriptors and starts a thread.
    (void)http::descriptor_budget();
    http::prepare_descriptor_table();
    app::Log log(options.log_level);
    for (const std::string& warning : options.warnings)
        logging::warn("{}", warning);
    app::App program(options, find, std::move(surroundings));
    if (!program.run()) {
        // A driver that hangs still runs on its thread: nothing that it uses may be destroyed.
        log.finish();
        ::_exit(exit_good);
    }
    return exit_good;
}

// Only where a font is named is the module for overlays opened before the first of them.
void check_overlay_font() {
    if (const std::string wrong = media::OverlayFonts::of_process().check_font(); !wrong.empty())
        throw app::ConfigError("--overlay-font: " + wrong);
}

int run(const app::Options& options, app::Surroundings surroundings) {
    const auto folders = module_folders(options.driver_dir);
    const drivers::DriverTable table(folders);
    media::OverlayFonts::of_process().configure(
        {.module_folders = folders, .font = options.overlay_font});
    const app::FindDriver find = [&table](std::string_view name) { return table.find(name); };

    using Action = app::Options::Action;
    switch (options.action) {
        case Action::help:
            return say(options.help_driver.empty()
                           ? app::help_text(summaries(table))
                           : app::driver_help(driver_for_help(table, options.help_driver)));
        case Action::version:
            return say(app::version_text(names_of(table.built_in()), table.module_names()));
        case Action::list_cameras:
            return say(app::cameras_text(all_drivers(table)));
        case Action::check_config:
            app::check_cameras(options, find);
            check_overlay_font();
            return say(app::check_text(options));
        case Action::import:
            return say(importing::import_configuration(options.import_peer, options.import_source,
                                                       std::cin));
        case Action::serve:
            break;
    }
    app::check_cameras(options, find);
    check_overlay_font();
    surroundings.module_folders = folders;
    return serve(options, find, std::move(surroundings));
}

}  // namespace

int main(int argc, char** argv) {
    keep_heap_small();
    app::prepare_standard_descriptors();
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    try {
        const app::Environment environment = app::environment_from(environ);
        // It comes with the program, and not with the modules of --driver-dir.
        openssl_module::look_in(module_folders(""));
        if (!arguments.empty() && app::is_access_command(arguments.front()))
            return change_access(arguments, environment);
        const auto load = [&] { return app::load_options(arguments, environment); };
        return run(load(), {.environment = environment, .sockets = {}, .load = load});
    } catch (const app::ConfigError& error) {
        std::fprintf(stderr, "onlooker: %s\n", error.what());
        return exit_usage;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "onlooker: %s\n", error.what());
        return exit_failed;
    }
}
