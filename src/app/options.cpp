#include "app/options.hpp"

#include <asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/camera_spec.hpp"
#include "app/option_checks.hpp"
#include "app/option_layers.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

// Where a service keeps what lasts; empty: this is none.
std::string service_folder(const Environment& environment) {
    const auto folders = variable(environment, "STATE_DIRECTORY");
    return std::string(folders.substr(0, folders.find(':')));
}

// Where programs keep what they make for themselves (systemd.exec(5), XDG Base Directory
// Specification).
std::string state_folder(const Environment& environment) {
    if (std::string of_service = service_folder(environment); !of_service.empty())
        return of_service;
    if (const auto states = variable(environment, "XDG_STATE_HOME"); states.starts_with('/'))
        return fmt::format("{}/onlooker", states);
    if (const auto home = variable(environment, "HOME"); !home.empty())
        return fmt::format("{}/.local/state/onlooker", home);
    throw ConfigError(
        "--tls-self-signed: there is no folder to keep the certificate in, since neither "
        "STATE_DIRECTORY nor HOME is set; name one behind it");
}

void use_self_signed(Options& options, const Environment& environment) {
    if (!options.tls_self_signed)
        return;
    if (!options.tls_certificate.empty() || !options.tls_key.empty())
        throw ConfigError(
            "--tls-self-signed makes a certificate, and --tls-certificate and --tls-key name one; "
            "leave one of the two away");
    if (options.tls_self_signed->empty())
        options.tls_self_signed = state_folder(environment);
    options.tls_certificate = *options.tls_self_signed + "/self-signed.pem";
    options.tls_key = options.tls_certificate;
}

void fill_in(Options& options, const Environment& environment) {
    if (options.cameras.empty()) {
        options.cameras.push_back(parse_camera("emulated"));
        name_cameras(options.cameras);
    }
    const auto source = variable(environment, "OPENCV_CAMERA_SOURCE");
    for (CameraOption& camera : options.cameras) {
        if (camera.driver == "opencv" && camera.source.empty())
            camera.source = std::string(source);
    }
    if (const std::string folder = service_folder(environment);
        options.state_file.empty() && !folder.empty())
        options.state_file = folder + "/state.json";
    use_self_signed(options, environment);
}

// What this configuration says matters to none of these.
bool leaves_early(const Layer& command_line) {
    return std::ranges::any_of(command_line, [](const Entry& entry) {
        return entry.setting->name == "help" || entry.setting->name == "version" ||
               entry.setting->name.starts_with("import-");
    });
}

// The one setting that matters to `--help DRIVER`: where a driver of the user's own lies.
void apply_driver_dir(Options& options, const std::vector<Layer>& layers) {
    for (const Layer& layer : layers) {
        for (const Entry& entry : layer) {
            if (entry.setting->name == "driver-dir")
                entry.setting->apply(options, entry.values);
        }
    }
}

// The command line is stronger than the environment here too.
std::string config_file_of(const Layer& command_line, const Layer& environment) {
    std::string file;
    for (const Layer* layer : {&environment, &command_line}) {
        for (const Entry& entry : *layer) {
            if (entry.setting->kind == Setting::Kind::file)
                file = entry.values.front();
        }
    }
    return file;
}

}  // namespace

Environment environment_from(const char* const* variables) {
    Environment environment;
    for (; variables != nullptr && *variables != nullptr; ++variables) {
        const std::string_view variable = *variables;
        const std::size_t equals = variable.find('=');
        if (equals != std::string_view::npos)
            environment.emplace(variable.substr(0, equals), variable.substr(equals + 1));
    }
    return environment;
}

Options load_options(const std::vector<std::string>& arguments, const Environment& environment) {
    Options options;
    const Layer command_line = command_line_layer(arguments);
    if (leaves_early(command_line)) {
        for (const Entry& entry : command_line) {
            if (entry.setting->kind == Setting::Kind::action)
                entry.setting->apply(options, entry.values);
        }
        if (!options.help_driver.empty())
            apply_driver_dir(options, {environment_layer(environment), command_line});
        return options;
    }
    const Layer variables = environment_layer(environment);
    if (const std::string file = config_file_of(command_line, variables); !file.empty())
        lay_over(options, file_layer(file));
    lay_over(options, variables);
    lay_over(options, command_line);
    check_unknown_variables(options, environment);
    fill_in(options, environment);
    check_together(options);
    return options;
}

bool is_loopback(std::string_view host) {
    if (equal_ignoring_case(host, "localhost"))
        return true;
    asio::error_code error;
    const auto address = asio::ip::make_address(std::string(host), error);
    if (error)
        return false;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
    return address.is_loopback();
}

bool is_loopback(const http::ListenAddress& address) {
    using Place = http::ListenAddress::Place;
    switch (address.place) {
        case Place::file:
            return true;
        case Place::interface:
            return address.name == "lo";
        case Place::host:
            break;
    }
    return is_loopback(address.name);
}

std::vector<http::ListenAddress> Options::listen_addresses() const {
    std::vector<http::ListenAddress> all = listen;
    if (listen.empty() || host_or_port_given) {
        http::ListenAddress one;
        one.name = host;
        one.port = port;
        all.insert(all.begin(), std::move(one));
    }
    return all;
}

}  // namespace onlooker::app
