// What the user wrote behind --camera NAME=relay:, checked.
//
// The source is the URL of a stream or a picture, http:// or https://; it may hold user:password@,
// which is shown nowhere. What the keys are called and what they take stands in relay_settings.cpp.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "camera/driver.hpp"

namespace onlooker::drivers {

struct RelaySettings {
    std::string url;       // without user and password
    std::string shown;     // for logs: also without query, which may hold a key
    std::string user;      // empty: none
    std::string password;  // from the URL; password_file goes first
    std::string password_file;
    std::string token_file;
    std::string ca_file;
    std::optional<double> rate;  // pictures per second
    std::chrono::milliseconds silence{10000};
    bool allow_truncated = false;  // pictures without an end mark are passed on

    bool is_https() const noexcept { return url.starts_with("https:"); }
};

namespace relay {

// Throws camera::DriverOptionError.
RelaySettings parse_options(const camera::DriverOptions& options);

std::vector<camera::OptionDescription> option_descriptions();

}  // namespace relay

}  // namespace onlooker::drivers
