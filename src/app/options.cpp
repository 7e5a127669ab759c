#include "app/options.hpp"

#include <asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/camera_spec.hpp"
#include "app/command_line.hpp"
#include "app/config_file.hpp"
#include "app/listen_values.hpp"
#include "app/settings.hpp"
#include "base/nearest_name.hpp"
#include "base/text.hpp"
#include "base/url_login.hpp"

namespace onlooker::app {

namespace {

using Values = std::vector<std::string>;

// What one source says about one setting.
struct Entry {
    const Setting* setting = nullptr;
    Values values;
    std::string place;  // "--port", "ONLOOKER_PORT", "onlooker.conf:3: port"
    Values places{};    // of each value, where they differ: the lines of a list in a file
};

using Layer = std::vector<Entry>;

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

Layer command_line_layer(const std::vector<std::string>& arguments) {
    Layer layer;
    for (auto& [setting, values] : read_command_line(arguments))
        layer.push_back({setting, std::move(values), setting->option_name()});
    return layer;
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

std::string_view variable(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string_view() : std::string_view(found->second);
}

// CAMERA, as in the article, is weaker than ONLOOKER_CAMERA. An empty variable is no variable.
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

// What is misspelt is refused, as on the command line and in the file. Other names are no error,
// because others write such too: Kubernetes sets ONLOOKER_PORT_80_TCP in every container when a
// service is named onlooker, and images set ONLOOKER_VERSION.
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

// Where programs keep what they make for themselves (systemd.exec(5), XDG Base Directory
// Specification).
std::string state_folder(const Environment& environment) {
    const auto of_unit = variable(environment, "STATE_DIRECTORY");
    if (!of_unit.empty())
        return std::string(of_unit.substr(0, of_unit.find(':')));
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
    use_self_signed(options, environment);
}

// How the user named an address, for words about it.
std::string option_of(const Options& options, const http::ListenAddress& address) {
    const bool is_listed = std::ranges::find(options.listen, address) != options.listen.end();
    return is_listed ? "--listen " + show_listen(address) : "--host " + address.name;
}

void check_public(Options& options, const http::ListenAddress& address) {
    if (is_loopback(address))
        return;
    if (!options.users.empty()) {
        if (!address.is_tls(!options.tls_certificate.empty()) && !options.tls_redirect)
            options.warnings.push_back(fmt::format(
                "passwords and pictures cross the network of {} as plain HTTP, and whoever is on "
                "the way can read them; --tls-self-signed, or --tls-certificate and --tls-key, end "
                "that",
                option_of(options, address)));
        return;
    }
    if (options.allow_public) {
        options.warnings.push_back(fmt::format(
            "anyone on that network may watch: {} is not loopback, and there are no users",
            option_of(options, address)));
        return;
    }
    throw ConfigError(fmt::format(
        "{} lets anyone on that network watch your cameras: there are no users. Make some "
        "(onlooker user add NAME --users FILE) and name the file with --users FILE; or, if anyone "
        "may watch, say --public too (public = true in a file, ONLOOKER_PUBLIC=1 in the "
        "environment). If neither, leave it out: then only this machine can watch, and others "
        "reach it through a tunnel such as ssh -L {}:localhost:{} HERE",
        option_of(options, address), address.port, address.port));
}

void check_listen(Options& options) {
    const bool has_certificate = !options.tls_certificate.empty();
    bool has_tls = false;
    bool has_plain = false;
    for (const http::ListenAddress& address : options.listen_addresses()) {
        check_public(options, address);
        const bool is_tls = address.is_tls(has_certificate);
        if (is_tls && !has_certificate)
            throw ConfigError(fmt::format(
                "{} takes a certificate: --tls-certificate and --tls-key, or --tls-self-signed",
                option_of(options, address)));
        has_tls = has_tls || is_tls;
        has_plain = has_plain || (!is_tls && address.place != http::ListenAddress::Place::file);
    }
    if (options.tls_redirect && !(has_tls && has_plain))
        throw ConfigError(
            "--tls-redirect takes a port of each kind, as --listen http://localhost:5000 --listen "
            "https://localhost:5443");
}

void check_tls(const Options& options) {
    if (options.tls_certificate.empty() != options.tls_key.empty())
        throw ConfigError(fmt::format("--{} is there without --{}; HTTPS needs both files",
                                      options.tls_key.empty() ? "tls-certificate" : "tls-key",
                                      options.tls_key.empty() ? "tls-key" : "tls-certificate"));
    if (!options.tls_certificate.empty() && !build_config::has_tls)
        throw ConfigError(
            "HTTPS was asked for, and this onlooker was built without HTTPS; take one built "
            "with the meson option -Dtls=enabled, or put a proxy in front");
}

void check_access(Options& options) {
    if (!options.users.empty() && options.allow_public)
        options.warnings.emplace_back(
            "--public means nothing beside --users: every viewer must log in");
    if (options.users.empty() && options.logins_need_tls)
        throw ConfigError("--logins-need-tls is there without --users FILE: there are no logins");
}

void check_together(Options& options) {
    check_access(options);
    check_tls(options);
    check_listen(options);
    if (options.retry_first > options.retry_longest)
        throw ConfigError(
            "--retry-first-seconds is longer than --retry-longest-seconds; make one of them fit");
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
