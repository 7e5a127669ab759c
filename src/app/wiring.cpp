#include "app/wiring.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

#include "app/build_config.hpp"
#include "app/picture_keys.hpp"
#include "base/redaction.hpp"
#include "endpoints/login.hpp"

namespace onlooker::app {

namespace {

// Frames per second. No display and no eye follows more, and a driver that has no pace of its own
// must not take a whole processor.
constexpr double highest_rate = 250;

// How long pictures that have not changed are held back where the user gave a level and no time:
// as long as a feed waits before it sends the same picture again.
constexpr auto unchanged_at_most = std::chrono::seconds(5);

// Whoever listens at a name is called by it.
void add_listen_names(std::vector<std::string>& names, const Options& options) {
    for (const http::ListenAddress& address : options.listen_addresses()) {
        if (address.place == http::ListenAddress::Place::host)
            names.push_back(address.name);
    }
}

// Tells this server from others of the same host: cookies know no ports. 0: it has none.
std::uint16_t first_port(const Options& options) {
    for (const http::ListenAddress& address : options.listen_addresses())
        if (address.port != 0)
            return address.port;
    return 0;
}

}  // namespace

http::ServerSettings server_settings(const Options& options) {
    http::ServerSettings server;
    server.listen = options.listen_addresses();
    server.max_connections = options.limits.connections;
    server.max_connections_per_address = options.limits.connections_per_address;
    server.tls_certificate = options.tls_certificate;
    server.tls_key = options.tls_key;
    server.tls_redirect = options.tls_redirect;
    http::ConnectionSettings& connection = server.connection;
    connection.read.size.request_line = options.limits.request_line_octets;
    connection.read.size.fields = options.limits.field_octets;
    connection.read.size.field_count = options.limits.field_count;
    connection.read.size.body = options.limits.body_octets;
    connection.read.first_request = options.deadlines.first_request;
    connection.read.head = options.deadlines.head;
    connection.read.body = options.deadlines.body;
    connection.read.idle = options.deadlines.idle;
    connection.write_stall = options.deadlines.no_progress;
    return server;
}

http::Cors cors(const Options& options) {
    return {.origins = options.allow_origins, .same_host = options.allow_same_host};
}

std::vector<std::string> certificate_names(const Options& options, std::vector<std::string> machine,
                                           const std::vector<std::string>& addresses) {
    add_listen_names(machine, options);
    machine.insert(machine.end(), options.allow_hosts.begin(), options.allow_hosts.end());
    machine.insert(machine.end(), addresses.begin(), addresses.end());
    return machine;
}

http::HostNames host_names(const Options& options, std::vector<std::string> machine) {
    add_listen_names(machine, options);
    machine.insert(machine.end(), options.allow_hosts.begin(), options.allow_hosts.end());
    return http::HostNames(std::move(machine));
}

camera::Camera::Settings camera_settings(const Options& options, const CameraOption& camera,
                                         const camera::DriverEntry& entry) {
    camera::Camera::Settings settings;
    settings.name = camera.name;
    settings.title = camera.shown_title();
    settings.driver = camera.driver;
    settings.device = camera.source.empty() ? camera.driver
                                            : camera.driver + ":" + without_secrets(camera.source);

    camera::Supervision::Settings& supervision = settings.supervision;
    supervision.idle_after = options.idle_time;
    supervision.always_on = options.is_always_on(camera);
    supervision.stall_at_least = options.stall_time;
    supervision.stall_frames = static_cast<int>(options.stall_frames);
    supervision.retry_first = options.retry_first;
    supervision.retry_last = options.retry_longest;
    // Cameras that failed together must not try again together.
    supervision.jitter_seed = static_cast<std::uint32_t>(std::hash<std::string>{}(camera.name));

    media::JpegEncoder::Settings& encoder = settings.capture.frames.encoder;
    encoder.quality = static_cast<int>(options.quality_of(camera));
    encoder.subsampling = options.subsampling_of(camera);
    settings.capture.highest_rate = highest_rate;
    settings.capture.encode_workers = camera.encode_workers;
    settings.capture.frames.allow_truncated = camera.allow_truncated;
    settings.capture.frames.recipe = split_keys(camera, entry).recipe;
    settings.capture.frames.title = settings.title;
    camera::SamePictures::Settings& same = settings.capture.same;
    same.level = options.changed_of(camera);
    same.at_most = options.drop_same_frames_of(camera);
    if (same.level > 0 && !same.on())
        same.at_most = unchanged_at_most;
    return settings;
}

camera::Camera::DriverFactory driver_factory(const CameraOption& camera,
                                             const camera::DriverEntry& entry) {
    camera::DriverOptions options{.camera_name = camera.name,
                                  .source = camera.source,
                                  .values = split_keys(camera, entry).values,
                                  .allow_truncated = camera.allow_truncated};
    return [make = entry.make, options = std::move(options)] { return make(options); };
}

access::GatekeeperSettings gatekeeper_settings(const Options& options) {
    access::GatekeeperSettings settings;
    settings.users_file = options.users;
    settings.port = first_port(options);
    settings.need_tls = options.logins_need_tls;
    settings.login_page = [](const http::Request& request) {
        return endpoints::login_response(request);
    };
    return settings;
}

variants::Variants::Settings variant_settings(const Options& options) {
    return {.most = options.max_variants,
            .workers = options.variant_workers,
            .idle_after = options.idle_time};
}

clips::PreRolls::Settings pre_roll_settings(const Options& options) {
    return {.time = options.pre_roll, .octets = options.pre_roll_megabytes * 1'000'000};
}

endpoints::ViewerLimits viewer_limits(const Options& options) {
    endpoints::ViewerLimits limits{.total = options.limits.viewers,
                                   .per_camera = options.limits.viewers_per_camera,
                                   .per_address = options.limits.viewers_per_address};
    for (const CameraOption& camera : options.cameras)
        if (camera.max_viewers)
            limits.of_camera.emplace(camera.name, *camera.max_viewers);
    return limits;
}

endpoints::EndpointSettings endpoint_settings(const Options& options, std::string instance_id) {
    endpoints::EndpointSettings settings;
    settings.stream.no_progress_limit = options.deadlines.no_progress;
    settings.stream.viewers->allow(viewer_limits(options));
    settings.version = build_config::version;
    settings.prefix = options.prefix;
    settings.instance_id = std::move(instance_id);
    return settings;
}

}  // namespace onlooker::app
