#include "v4l2/v4l2_driver.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "v4l2/controls.hpp"
#include "v4l2/device.hpp"
#include "v4l2/entry.hpp"
#include "v4l2/listing.hpp"
#include "v4l2/signal.hpp"
#include "v4l2/stream.hpp"
#include "v4l2/stream_format.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using camera::CaptureContext;
using camera::Captured;

void tell(Controls& controls, const std::vector<std::string>& warnings, CaptureContext& context) {
    for (const std::string& warning : warnings)
        context.warn(warning);
    context.report_controls(controls.list());
}

// Those of the options, and what was asked for since: a device that was away has forgotten both.
void set_at_start(Controls& controls, ControlOptions asked, CaptureContext& context) {
    for (const auto& change : context.take_control_changes())
        asked.insert_or_assign(change.id, fmt::format("{}", change.value));
    const auto warnings = controls.set_all(asked);
    if (!asked.empty())
        controls.refresh();
    tell(controls, warnings, context);
}

// In the order in which it was asked for.
void set_while_running(Controls& controls, CaptureContext& context) {
    std::vector<std::string> warnings;
    const auto changes = context.take_control_changes();
    for (const auto& change : changes)
        if (auto warning = controls.set(change.id, fmt::format("{}", change.value));
            !warning.empty())
            warnings.push_back(std::move(warning));
    if (!changes.empty())
        controls.refresh();
    tell(controls, warnings, context);
}

}  // namespace

V4l2Driver::V4l2Driver(Settings settings, Kernel& kernel, Places places)
    : settings_(std::move(settings)), kernel_(kernel), places_(std::move(places)) {}

std::string V4l2Driver::watch_path() const {
    return path_to_watch(settings_.source, places_);
}

Generator<Captured> V4l2Driver::frames(CaptureContext& context) {
    const Device device(kernel_, resolve_source(kernel_, settings_.source, places_));
    Controls controls(device);
    set_at_start(controls, settings_.controls, context);
    while (!context.stop_requested()) {
        // Once for a webcam; again whenever what is plugged into a grabber changes.
        const Signal signal = follow_signal(device, settings_);
        const StreamFormat format = agree_on_format(device, settings_, signal, context);
        Stream stream(device, format, settings_);
        for (auto event = Stream::Event::picture; event != Stream::Event::changed;
             event = stream.wait(context)) {
            if (event == Stream::Event::context) {
                if (context.stop_requested())
                    co_return;
                set_while_running(controls, context);
            } else if (auto captured = stream.newest()) {
                co_yield *captured;
            }
        }
    }
}

camera::DriverEntry entry() {
    camera::DriverEntry entry;
    entry.name = "v4l2";
    entry.summary = "cameras of the Linux kernel: webcams, grabbers, camera ports";
    entry.make = [](const camera::DriverOptions& options) -> std::unique_ptr<camera::Driver> {
        if (const char* complaint = source_complaint(options.source))
            throw camera::DriverOptionError(
                fmt::format("v4l2:{}: {}", escaped(options.source, 80), complaint));
        return std::make_unique<V4l2Driver>(parse_options(options), system_kernel());
    };
    entry.source =
        "/dev/videoN, N, /dev/v4l/by-id/..., serial:NUMBER or usb:PORT; nothing: the first camera. "
        "A camera that is not there yet is waited for.";
    entry.options = option_descriptions();
    entry.other_keys =
        "Any other key is a control of the camera, named as --list-cameras and v4l2-ctl name it: "
        "brightness=140, auto_exposure=1; with the name of an entry of a menu, "
        "ctrl.power_line_frequency=50_hz.";
    entry.list = [] { return list_cameras(system_kernel()); };
    return entry;
}

}  // namespace onlooker::drivers::v4l2
