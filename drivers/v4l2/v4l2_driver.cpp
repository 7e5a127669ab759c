#include "v4l2/v4l2_driver.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "v4l2/controls.hpp"
#include "v4l2/device.hpp"
#include "v4l2/listing.hpp"
#include "v4l2/signal.hpp"
#include "v4l2/stream.hpp"
#include "v4l2/stream_format.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using camera::CaptureContext;
using camera::Captured;

// A changed control is remembered as if it had been written in the options, for the next time that
// the device is opened.
void apply_changes(Controls& controls, ControlWishes& remembered, CaptureContext& context) {
    const auto changes = context.take_control_changes();
    if (changes.empty())
        return;
    for (const auto& change : changes) {
        std::string text = fmt::format("{}", change.value);
        const std::string warning = controls.set(change.id, text);
        if (warning.empty() && !controls.is_button(change.id))
            remembered[change.id] = std::move(text);
        if (!warning.empty())
            context.warn(warning);
    }
    controls.refresh();
    context.report_controls(controls.list());
}

void restore_controls(Controls& controls, const ControlWishes& wishes, CaptureContext& context) {
    for (const std::string& warning : controls.set_all(wishes))
        context.warn(warning);
    if (!wishes.empty())
        controls.refresh();
    context.report_controls(controls.list());
}

}  // namespace

V4l2Driver::V4l2Driver(Settings settings, Kernel& kernel, Places places)
    : settings_(std::move(settings)),
      kernel_(kernel),
      places_(std::move(places)),
      controls_(settings_.controls) {}

std::string V4l2Driver::watch_path() const {
    return path_to_watch(settings_.source, places_);
}

Generator<Captured> V4l2Driver::frames(CaptureContext& context) {
    const Device device(kernel_, resolve_source(kernel_, settings_.source, places_));
    Controls controls(device);
    restore_controls(controls, controls_, context);
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
                apply_changes(controls, controls_, context);
            } else if (auto captured = stream.newest()) {
                co_yield *captured;
            }
        }
    }
}

}  // namespace onlooker::drivers::v4l2

namespace onlooker::drivers {

camera::DriverEntry v4l2_driver_entry() {
    camera::DriverEntry entry;
    entry.name = "v4l2";
    entry.summary = "cameras of the Linux kernel: webcams, grabbers, camera ports";
    entry.make = [](const camera::DriverOptions& options) -> std::unique_ptr<camera::Driver> {
        if (const char* complaint = v4l2::source_complaint(options.source))
            throw camera::DriverOptionError(
                fmt::format("v4l2:{}: {}", escaped(options.source, 80), complaint));
        return std::make_unique<v4l2::V4l2Driver>(v4l2::read_settings(options),
                                                  v4l2::system_kernel());
    };
    entry.list = [] { return v4l2::list_cameras(v4l2::system_kernel()); };
    return entry;
}

}  // namespace onlooker::drivers
