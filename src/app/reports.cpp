#include "app/reports.hpp"

#include <CLI/Version.hpp>
#include <asio/version.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>

#include <algorithm>
#include <exception>

#include "app/camera_spec.hpp"
#include "app/listen_values.hpp"
#include "app/values.hpp"
#include "app/wiring.hpp"
#include "base/redaction.hpp"
#include "base/text.hpp"
#include "camera/driver_options.hpp"

namespace onlooker::app {

namespace {

std::string joined(const std::vector<std::string>& names) {
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

// A line that the user can type stays as it is, backslashes and length too; one with octets that
// nobody types is escaped.
std::string typeable(const std::string& line) {
    const bool plain = std::ranges::all_of(line, [](char c) { return c >= ' ' && c < 127; });
    return plain ? line : escaped(line);
}

std::string library_versions() {
    return fmt::format(
        "asio {}.{}.{}, libjpeg-turbo {}, fmt {}.{}.{}, spdlog {}.{}.{}, CLI11 {}, "
        "nlohmann-json {}.{}.{}",
        ASIO_VERSION / 100000, ASIO_VERSION / 100 % 1000, ASIO_VERSION % 100,
        build_config::turbojpeg_version, FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
        FMT_VERSION % 100, SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH, CLI11_VERSION,
        NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
}

std::string camera_text(const Options& options, const CameraOption& camera) {
    std::string text = fmt::format("  {:<12} {}", camera.name, camera.driver);
    if (!camera.source.empty())
        text += fmt::format(":{}", without_secrets(camera.source));
    for (const auto& [key, value] : camera.values)
        text += fmt::format(",{}={}", key, camera::shown_value(key, value));
    return text + fmt::format("  (quality {}, {}, {})\n", options.quality_of(camera),
                              to_string(options.subsampling_of(camera)),
                              options.is_always_on(camera)
                                  ? "always open"
                                  : fmt::format("closes {} after its last viewer",
                                                show_seconds(options.idle_time)));
}

std::string place_text(const http::ListenAddress& address, bool has_certificate) {
    if (address.place != http::ListenAddress::Place::host)
        return show_listen(address);
    return page_address(address.name, address.port, address.is_tls(has_certificate));
}

}  // namespace

std::string page_address(std::string_view host, std::uint16_t port, bool secure) {
    std::string shown(host);
    if (host.starts_with('%'))
        shown = fmt::format("<the address of {}>", host.substr(1));
    else if (host == "0.0.0.0" || host == "::")
        shown = "<this machine's address>";
    else if (host.find(':') != std::string_view::npos)
        shown = fmt::format("[{}]", host);
    return fmt::format("{}://{}:{}/", secure ? "https" : "http", shown, port);
}

std::vector<std::string> page_addresses(std::span<const asio::ip::tcp::endpoint> endpoints,
                                        bool secure) {
    using asio::ip::tcp;
    const auto has = [endpoints](const tcp::endpoint& endpoint) {
        return std::ranges::find(endpoints, endpoint) != endpoints.end();
    };
    std::vector<std::string> addresses;
    for (const auto& endpoint : endpoints) {
        const bool is_localhost =
            endpoint.address().is_loopback() &&
            has(tcp::endpoint(asio::ip::address_v4::loopback(), endpoint.port())) &&
            has(tcp::endpoint(asio::ip::address_v6::loopback(), endpoint.port()));
        const std::string host = is_localhost ? "localhost" : endpoint.address().to_string();
        const std::string address = page_address(host, endpoint.port(), secure);
        if (std::ranges::find(addresses, address) == addresses.end())
            addresses.push_back(address);
    }
    return addresses;
}

std::string version_text(const std::vector<std::string>& built_in,
                         const std::vector<std::string>& modules) {
    return fmt::format(
        "onlooker {}\n"
        "drivers built in: {}\n"
        "driver modules:   {}\n"
        "HTTPS:            {}\n"
        "libraries:        {}\n",
        build_config::version, joined(built_in), joined(modules),
        build_config::has_tls ? "yes" : "not in this build", library_versions());
}

void check_cameras(const Options& options, const FindDriver& find) {
    for (const CameraOption& camera : options.cameras) {
        try {
            (void)driver_factory(camera, find(camera.driver))();
        } catch (const std::exception& error) {
            throw ConfigError(fmt::format("{}{}camera {}: {}", camera.place,
                                          camera.place.empty() ? "" : ": ", camera.name,
                                          error.what()));
        }
    }
}

std::string check_text(const Options& options) {
    std::vector<std::string> places;
    for (const http::ListenAddress& address : options.listen_addresses())
        places.push_back(place_text(address, !options.tls_certificate.empty()));
    std::string text =
        fmt::format("ok: {}{}\n", fmt::join(places, ", "),
                    options.config_file.empty() ? std::string()
                                                : " from " + escaped(options.config_file.string()));
    for (const CameraOption& camera : options.cameras)
        text += camera_text(options, camera);
    return text;
}

std::string cameras_text(const std::vector<camera::DriverEntry>& drivers) {
    std::string text;
    for (const camera::DriverEntry& driver : drivers) {
        if (!driver.list)
            continue;
        try {
            for (const camera::FoundCamera& camera : driver.list()) {
                text += fmt::format("{}\n    {}\n", escaped(camera.title), typeable(camera.option));
                for (const std::string& fact : camera.facts)
                    text += fmt::format("    {}\n", escaped(fact));
            }
        } catch (const std::exception& error) {
            text += fmt::format("{}: {}\n", driver.name, error.what());
        }
    }
    if (text.empty())
        return "No camera was found. The emulated one is always there: --camera emulated\n";
    return text;
}

}  // namespace onlooker::app
