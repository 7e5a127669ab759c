// What the user wrote behind --camera NAME=relay:, checked.
//
//     URL            http:// or https://; may hold user:password@, which is shown nowhere
//     user=NAME      for Basic or Digest, whichever the server asks for
//     password_file=FILE  its first line is the password
//     token_file=FILE     its first line is a bearer token
//     ca=FILE        PEM certificates to trust instead of the system's
//     fps=RATE       how often a picture is asked for, where the URL gives one picture at a time
//                    (1 unless said); of a stream, at most that many are passed on
//     timeout=SECONDS     how long the server may be silent (10)
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "camera/driver.hpp"

namespace onlooker::drivers {

struct RelayOptions {
    std::string url;       // without user and password
    std::string shown;     // for logs: also without query, which may hold a key
    std::string user;      // empty: none
    std::string password;  // from the URL; password_file goes first
    std::string password_file;
    std::string token_file;
    std::string ca_file;
    std::optional<double> rate;  // pictures per second
    std::chrono::milliseconds silence{10000};

    bool is_https() const noexcept { return url.starts_with("https:"); }
};

// Throws camera::DriverOptionError.
RelayOptions parse_relay_options(const camera::DriverOptions& options);

}  // namespace onlooker::drivers
