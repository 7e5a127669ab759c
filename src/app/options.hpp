// Everything the user can decide, as a plain struct with units and defaults.
//
// Options are what the user wrote; what a part of the program is given of them is its settings
// (wiring.hpp). There are four sources, from strong to weak: the command line, the environment, the
// configuration file, the defaults. A setting that a stronger source names is replaced as a whole:
// one --camera on the command line replaces all cameras of the file. What a setting is called and
// what it takes is said once, in the table of settings.hpp.
//
// Plain values and pure functions, but that load_options reads the configuration file.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "app/build_config.hpp"
#include "http/wire/listen_address.hpp"
#include "media/jpeg_encoder.hpp"

namespace onlooker::app {

// The user wrote something that cannot be used. The text says where (option, environment variable,
// or file, line and key), what was found and what was expected, and never holds a secret.
class ConfigError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

using Subsampling = media::JpegEncoder::Subsampling;

std::string_view to_string(Subsampling subsampling) noexcept;

enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

std::string_view to_string(LogLevel level) noexcept;

// Programs whose configuration --import-... makes into one of ours.
enum class Peer : std::uint8_t { ustreamer, mjpg_streamer, camera_streamer, motion };

struct CameraOption {
    std::string name;                           // [A-Za-z0-9_-]{1,32}, unique; part of the URLs
    std::string title;                          // what people read; any text; empty: the name
    std::string driver;                         // "v4l2"
    std::string source;                         // "/dev/video0"; the driver gives it a meaning
    std::map<std::string, std::string> values;  // the driver's own keys
    std::string place;  // where it was written, for errors: "--camera", "onlooker.conf:3: camera"

    // The program's keys, which a camera may set for itself.
    std::optional<unsigned> quality;  // 1 to 100
    std::optional<Subsampling> subsampling;
    std::optional<bool> always_on;
    std::optional<std::size_t> max_viewers;
    unsigned encode_workers = 0;   // threads that encode; 0: the capture thread alone
    bool allow_truncated = false;  // a JPEG without an end mark is given one
    std::optional<std::chrono::milliseconds> drop_same_frames;
    std::optional<unsigned> changed;

    const std::string& shown_title() const noexcept { return title.empty() ? name : title; }
};

struct Options {
    using Duration = std::chrono::milliseconds;  // the user writes seconds, or ms, min, h

    // What to do.
    enum class Action : std::uint8_t { serve, help, version, check_config, list_cameras, import };
    Action action = Action::serve;
    std::string help_driver;  // --help DRIVER: its options are shown; empty: those of the program
    Peer import_peer = Peer::ustreamer;
    std::string import_source;  // its command line, or a file; "-": standard input

    // Network.
    std::string host{build_config::default_host};  // an address, or a name that resolves to one
    std::uint16_t port = build_config::default_port;
    // More of them; host and port count beside these only where the user named one of the two.
    std::vector<http::ListenAddress> listen;
    bool host_or_port_given = false;
    bool allow_public = false;  // the user agreed that other machines may watch
    // Names by which requests may call this server beside those of this machine, in lower case:
    // "cam.example.org", "*.example.org", "*".
    std::vector<std::string> allow_hosts;
    std::vector<std::string> allow_origins;  // scheme://host[:port], or "*"
    bool allow_same_host = true;             // pages of the same host may show pictures, too
    // "/webcam": what a proxy leaves in front of our paths; "": nothing; not given: found by
    // itself.
    std::optional<std::string> prefix;
    std::string tls_certificate;  // PEM files, both or neither; the same one where it is our own
    std::string tls_key;
    // The folder in which we keep a pair of our own; empty before load_options() has found one. Not
    // given: there is none.
    std::optional<std::string> tls_self_signed;
    bool tls_redirect = false;  // ports without TLS only point to the one with it

    // Access.
    std::string users;             // the file of logins; empty: there are none, and no login
    bool logins_need_tls = false;  // passwords and tokens over plain HTTP from this machine alone
    std::vector<std::string> trusted_proxies;  // addresses or networks, "192.0.2.0/24"

    // Cameras. Never empty after load_options(): a user who names none gets the emulated one.
    std::vector<CameraOption> cameras;
    Duration idle_time = std::chrono::seconds(build_config::default_idle_seconds);
    // Recipes by which smaller, turned or lettered pictures are made, at a time; and the threads
    // that make them. 0: one fewer than there are cores, 1 to 4.
    std::size_t max_variants = build_config::default_max_variants;
    unsigned variant_workers = build_config::default_variant_workers;
    bool always_on = false;  // no camera closes, whatever idle_time says
    // What is kept of each camera, so that a clip can begin before it was asked for; 0: nothing.
    // The memory is that of all cameras together.
    Duration pre_roll{0};
    std::size_t pre_roll_megabytes = 64;
    unsigned quality = build_config::default_quality;
    Subsampling subsampling = Subsampling::s420;
    // A picture that is the same as the one before is not sent again for so long; 0: off.
    Duration drop_same_frames{0};
    // Nor is one that has changed by less than so many grey levels; 0: octets are compared.
    unsigned changed = 0;
    // What users set on controls is kept here over a restart; empty after load_options(): it is
    // not.
    std::filesystem::path state_file;
    // A camera without a frame counts as stalled, and is opened again, after the longer of this
    // time and so many of its nominal intervals.
    Duration stall_time = std::chrono::seconds(2);
    unsigned stall_frames = 5;
    // The wait after a failure; it doubles each time, up to the longest.
    Duration retry_first = std::chrono::milliseconds(500);
    Duration retry_longest = std::chrono::seconds(30);

    struct Limits {
        std::size_t request_line_octets = build_config::default_max_request_line_octets;
        std::size_t field_octets =
            build_config::default_max_fields_octets;  // all of a request together
        std::size_t field_count = build_config::default_max_field_count;
        std::size_t body_octets = build_config::default_max_body_octets;
        // 0: what the descriptor limit allows.
        std::size_t connections = build_config::default_max_connections;
        std::size_t connections_per_address =
            build_config::default_max_connections_per_address;  // 0: no limit
        // Streams being watched at a time; 0: no limit.
        std::size_t viewers = 0;
        std::size_t viewers_per_camera = 0;
        std::size_t viewers_per_address = 0;
    } limits;

    // Total times on the monotonic clock.
    struct Deadlines {
        Duration first_request = std::chrono::seconds(10);  // until its first octet
        Duration head = std::chrono::seconds(10);           // first octet to the end of the head
        Duration body = std::chrono::seconds(15);
        Duration idle = std::chrono::seconds(60);         // between two requests
        Duration no_progress = std::chrono::seconds(30);  // a viewer that takes nothing at all
    } deadlines;

    LogLevel log_level = LogLevel::info;
    // Started through a socket of systemd's, it ends when nobody has come for so long; 0: never.
    Duration exit_idle{0};
    std::string user;                    // whom root becomes; empty: see app/privileges.hpp
    std::filesystem::path driver_dir;    // empty: where the build put them
    std::filesystem::path overlay_font;  // empty: one of the system

    std::filesystem::path config_file;  // the one that was read; empty: none
    // What is odd, but no reason not to start; logged once there is a log.
    std::vector<std::string> warnings;

    // Where to listen, host and port included.
    std::vector<http::ListenAddress> listen_addresses() const;

    // What applies to a camera: its own value, or else that of all cameras.
    unsigned quality_of(const CameraOption& camera) const {
        return camera.quality.value_or(quality);
    }
    Subsampling subsampling_of(const CameraOption& camera) const {
        return camera.subsampling.value_or(subsampling);
    }
    Duration drop_same_frames_of(const CameraOption& camera) const {
        return camera.drop_same_frames.value_or(drop_same_frames);
    }
    unsigned changed_of(const CameraOption& camera) const {
        return camera.changed.value_or(changed);
    }
    bool is_always_on(const CameraOption& camera) const {
        return camera.always_on.value_or(always_on || pre_roll.count() > 0);
    }
};

using Environment = std::map<std::string, std::string>;

// `environ` as a map.
Environment environment_from(const char* const* variables);

// All four sources together, checked against each other. `arguments` are without the program's
// name. Reads the configuration file, if one is named, and nothing else. Throws ConfigError. With
// the actions help, version and import the rest is left at its defaults, but for the folder of
// drivers in which --help DRIVER looks.
Options load_options(const std::vector<std::string>& arguments, const Environment& environment);

// `host` is reached from this machine only: 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);
// The same of a unix socket, and of the interface lo.
bool is_loopback(const http::ListenAddress& address);

}  // namespace onlooker::app
