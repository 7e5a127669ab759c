#include "app/reload.hpp"

#include <vector>

namespace onlooker::app {

namespace {

// `member` gives what the setting decides.
template <auto Member>
bool differs(const Options& before, const Options& next) {
    return before.*Member != next.*Member;
}
template <auto Member>
bool differs_in_limits(const Options& before, const Options& next) {
    return before.limits.*Member != next.limits.*Member;
}
template <auto Member>
bool differs_in_deadlines(const Options& before, const Options& next) {
    return before.deadlines.*Member != next.deadlines.*Member;
}

bool are_other_cameras(const Options& before, const Options& next) {
    if (before.cameras.size() != next.cameras.size())
        return true;
    for (std::size_t i = 0; i < before.cameras.size(); ++i) {
        const CameraOption& old = before.cameras[i];
        const CameraOption& now = next.cameras[i];
        if (old.name != now.name || old.always_on != now.always_on ||
            old.max_viewers != now.max_viewers || is_other_camera(before, old, before, now))
            return true;
    }
    return false;
}

using Limits = Options::Limits;
using Deadlines = Options::Deadlines;

constexpr ChangeRule rules[] = {
    {"camera", Effect::on_cameras, are_other_cameras},
    {"idle-seconds", Effect::on_cameras, differs<&Options::idle_time>},
    {"always-on", Effect::on_cameras, differs<&Options::always_on>},
    {"pre-roll", Effect::on_cameras, differs<&Options::pre_roll>},
    {"pre-roll-megabytes", Effect::at_once, differs<&Options::pre_roll_megabytes>},
    {"quality", Effect::on_cameras, differs<&Options::quality>},
    {"subsampling", Effect::on_cameras, differs<&Options::subsampling>},
    {"drop-same-frames", Effect::on_cameras, differs<&Options::drop_same_frames>},
    {"changed", Effect::on_cameras, differs<&Options::changed>},
    {"stall-seconds", Effect::on_cameras, differs<&Options::stall_time>},
    {"stall-frames", Effect::on_cameras, differs<&Options::stall_frames>},
    {"retry-first-seconds", Effect::on_cameras, differs<&Options::retry_first>},
    {"retry-longest-seconds", Effect::on_cameras, differs<&Options::retry_longest>},
    {"max-variants", Effect::after_restart, differs<&Options::max_variants>},
    {"variant-workers", Effect::after_restart, differs<&Options::variant_workers>},
    {"state-file", Effect::after_restart, differs<&Options::state_file>},
    {"driver-dir", Effect::after_restart, differs<&Options::driver_dir>},
    {"overlay-font", Effect::after_restart, differs<&Options::overlay_font>},
    {"host", Effect::after_restart, differs<&Options::host>},
    {"port", Effect::after_restart, differs<&Options::port>},
    {"listen", Effect::after_restart, differs<&Options::listen>},
    {"public", Effect::after_restart, differs<&Options::allow_public>},
    {"allow-host", Effect::after_restart, differs<&Options::allow_hosts>},
    {"allow-origin", Effect::after_restart,
     [](const Options& before, const Options& next) {
         return before.allow_origins != next.allow_origins ||
                before.allow_same_host != next.allow_same_host;
     }},
    {"prefix", Effect::at_once, differs<&Options::prefix>},
    {"tls-certificate", Effect::after_restart, differs<&Options::tls_certificate>},
    {"tls-key", Effect::after_restart, differs<&Options::tls_key>},
    {"tls-self-signed", Effect::after_restart, differs<&Options::tls_self_signed>},
    {"tls-redirect", Effect::after_restart, differs<&Options::tls_redirect>},
    {"users", Effect::after_restart, differs<&Options::users>},
    {"logins-need-tls", Effect::after_restart, differs<&Options::logins_need_tls>},
    {"trusted-proxy", Effect::after_restart, differs<&Options::trusted_proxies>},
    {"max-connections", Effect::at_once, differs_in_limits<&Limits::connections>},
    {"max-connections-per-address", Effect::at_once,
     differs_in_limits<&Limits::connections_per_address>},
    {"max-viewers", Effect::at_once, differs_in_limits<&Limits::viewers>},
    {"max-viewers-per-camera", Effect::at_once, differs_in_limits<&Limits::viewers_per_camera>},
    {"max-viewers-per-address", Effect::at_once, differs_in_limits<&Limits::viewers_per_address>},
    {"max-request-line-octets", Effect::at_once, differs_in_limits<&Limits::request_line_octets>},
    {"max-fields-octets", Effect::at_once, differs_in_limits<&Limits::field_octets>},
    {"max-field-count", Effect::at_once, differs_in_limits<&Limits::field_count>},
    {"max-body-octets", Effect::at_once, differs_in_limits<&Limits::body_octets>},
    {"first-request-deadline-seconds", Effect::at_once,
     differs_in_deadlines<&Deadlines::first_request>},
    {"head-deadline-seconds", Effect::at_once, differs_in_deadlines<&Deadlines::head>},
    {"body-deadline-seconds", Effect::at_once, differs_in_deadlines<&Deadlines::body>},
    {"idle-deadline-seconds", Effect::at_once, differs_in_deadlines<&Deadlines::idle>},
    {"no-progress-deadline-seconds", Effect::at_once,
     differs_in_deadlines<&Deadlines::no_progress>},
    {"log-level", Effect::at_once, differs<&Options::log_level>},
    {"exit-idle", Effect::at_once, differs<&Options::exit_idle>},
    {"user", Effect::after_restart, differs<&Options::user>},
};

}  // namespace

std::span<const ChangeRule> change_rules() {
    return rules;
}

std::vector<std::string_view> changed_settings(const Options& before, const Options& next,
                                               Effect effect) {
    std::vector<std::string_view> names;
    for (const ChangeRule& rule : rules)
        if (rule.effect == effect && rule.differs(before, next))
            names.push_back(rule.setting);
    return names;
}

bool is_other_camera(const Options& before, const CameraOption& camera_before, const Options& next,
                     const CameraOption& camera_next) {
    return camera_before.title != camera_next.title || camera_before.driver != camera_next.driver ||
           camera_before.source != camera_next.source ||
           camera_before.values != camera_next.values ||
           before.quality_of(camera_before) != next.quality_of(camera_next) ||
           before.subsampling_of(camera_before) != next.subsampling_of(camera_next) ||
           before.drop_same_frames_of(camera_before) != next.drop_same_frames_of(camera_next) ||
           before.changed_of(camera_before) != next.changed_of(camera_next) ||
           camera_before.encode_workers != camera_next.encode_workers ||
           camera_before.allow_truncated != camera_next.allow_truncated;
}

}  // namespace onlooker::app
