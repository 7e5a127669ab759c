#include "app/setting_kinds.hpp"
#include "app/setting_rows.hpp"

namespace onlooker::app {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view limits = "Limits of HTTP";

constexpr std::size_t mebi = std::size_t{1024} * 1024;

}  // namespace

std::vector<Setting> limit_rows() {
    return {
        whole<std::size_t>("max-connections", limits, "COUNT",
                           "Connections at a time; 0: as the descriptor limit allows.", 0,
                           1'000'000, [](Options& o) -> auto& { return o.limits.connections; }),
        whole<std::size_t>("max-connections-per-address", limits, "COUNT",
                           "The same per client address; 0: no limit.", 0, 1'000'000,
                           [](Options& o) -> auto& { return o.limits.connections_per_address; }),
        whole<std::size_t>("max-viewers", limits, "COUNT",
                           "Streams watched at a time, without snapshots; 0: no limit.", 0,
                           1'000'000, [](Options& o) -> auto& { return o.limits.viewers; }),
        whole<std::size_t>("max-viewers-per-camera", limits, "COUNT",
                           "The same per camera, where it has no max_viewers of its own.", 0,
                           1'000'000,
                           [](Options& o) -> auto& { return o.limits.viewers_per_camera; }),
        whole<std::size_t>("max-viewers-per-address", limits, "COUNT",
                           "The same per client address, as a --trusted-proxy names it.", 0,
                           1'000'000,
                           [](Options& o) -> auto& { return o.limits.viewers_per_address; }),
        octets("max-request-line-octets", limits, "Longest request line.", 256, mebi,
               [](Options& o) -> auto& { return o.limits.request_line_octets; }),
        octets("max-fields-octets", limits, "Header fields of a request, together.", 1024, mebi,
               [](Options& o) -> auto& { return o.limits.field_octets; }),
        whole<std::size_t>("max-field-count", limits, "COUNT", "Their number.", 8, 10'000,
                           [](Options& o) -> auto& { return o.limits.field_count; }),
        octets("max-body-octets", limits, "Body of a request.", 0, 64 * mebi,
               [](Options& o) -> auto& { return o.limits.body_octets; }),
        seconds("first-request-deadline-seconds", limits, "From connecting to the first octet.",
                100ms, 1h, [](Options& o) -> auto& { return o.deadlines.first_request; }),
        seconds("head-deadline-seconds", limits, "For a whole request head.", 100ms, 1h,
                [](Options& o) -> auto& { return o.deadlines.head; }),
        seconds("body-deadline-seconds", limits, "For a whole request body.", 100ms, 1h,
                [](Options& o) -> auto& { return o.deadlines.body; }),
        seconds("idle-deadline-seconds", limits, "Between two requests of a connection.", 100ms,
                24h, [](Options& o) -> auto& { return o.deadlines.idle; }),
        seconds("no-progress-deadline-seconds", limits,
                "A viewer that takes nothing for so long is closed.", 1s, 24h,
                [](Options& o) -> auto& { return o.deadlines.no_progress; }),
    };
}

}  // namespace onlooker::app
