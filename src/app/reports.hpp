// What the program says and then exits: --version, --check-config, --list-cameras. Pure functions
// from what is known to the text on stdout.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/options.hpp"
#include "camera/driver.hpp"

namespace onlooker::app {

// Where a person finds the page of a server that listens there.
std::string page_address(std::string_view host, std::uint16_t port, bool secure);

// Gives the driver of that name or throws std::runtime_error with words for the user.
using FindDriver = std::function<camera::DriverEntry(std::string_view name)>;

// Name and one line of what it is for.
using DriverSummaries = std::vector<std::pair<std::string, std::string>>;

std::string version_text(const std::vector<std::string>& built_in,
                         const std::vector<std::string>& modules);

// Makes each camera's driver, which opens no device, so that a misspelt key of a driver is found
// without one. Throws ConfigError that names the camera.
void check_cameras(const Options& options, const FindDriver& find);

// What would be served; for a configuration that is good.
std::string check_text(const Options& options);

// `drivers` are asked one after the other; one that fails says so in its place.
std::string cameras_text(const std::vector<camera::DriverEntry>& drivers);

}  // namespace onlooker::app
