// The texts that the program prints before it exits: --version, --check-config, --list-cameras.
// Pure functions, except that they ask the drivers.
#pragma once

#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/options.hpp"
#include "camera/driver.hpp"

namespace onlooker::app {

// The address to type into a browser for a server that listens there. `host` may be an interface,
// "%wlan0".
std::string page_address(std::string_view host, std::uint16_t port, bool secure);

// The same for all that it listens on. "localhost" stands there only when both loopbacks do: some
// clients try but the first address that a name has.
std::vector<std::string> page_addresses(std::span<const asio::ip::tcp::endpoint> endpoints,
                                        bool secure);

// Finds the driver of that name, or throws std::runtime_error with words for the user.
using FindDriver = std::function<camera::DriverEntry(std::string_view name)>;

// Name and one line of what it is for.
using DriverSummaries = std::vector<std::pair<std::string, std::string>>;

std::string version_text(const std::vector<std::string>& built_in,
                         const std::vector<std::string>& modules);

// Makes each camera's driver, which opens no device, to find a misspelt key without one. Throws
// ConfigError that names the camera.
void check_cameras(const Options& options, const FindDriver& find);

// What a good configuration would serve.
std::string check_text(const Options& options);

// Asks the drivers one after the other; one that fails has its error in its place.
std::string cameras_text(const std::vector<camera::DriverEntry>& drivers);

}  // namespace onlooker::app
