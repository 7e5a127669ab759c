#include "v4l2/listing.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "v4l2/controls.hpp"
#include "v4l2/device.hpp"
#include "v4l2/offers.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

// What can be typed as it stands: the device chose its serial number, and it may be anything.
bool is_plain(std::string_view serial) {
    return !serial.empty() && std::ranges::all_of(serial, [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
    });
}

// The name that stays the same when cameras are plugged in another order.
std::string stable_source(const Node& node, const std::vector<Node>& nodes) {
    if (!node.link.empty())
        return node.link;
    const auto shares_serial = [&](const Node& other) {
        return other.serial == node.serial && other.usb_port != node.usb_port;
    };
    if (is_plain(node.serial) && node.index == 0 && std::ranges::none_of(nodes, shares_serial))
        return "serial:" + node.serial;
    if (!node.usb_port.empty() && node.index == 0)
        return "usb:" + node.usb_port;
    return node.path;
}

std::string rates_text(const Device& device, std::uint32_t fourcc, Size size) {
    std::string text;
    for (const Interval& interval : list_intervals(device, fourcc, size, 0))
        if (interval.rate() > 0)
            text += fmt::format("{}{:.4g}", text.empty() ? " at " : "/", interval.rate());
    return text.empty() ? text : text + " fps";
}

std::string size_text(const Device& device, std::uint32_t fourcc, const SizeRange& range) {
    const auto write = [](Size size) { return fmt::format("{}x{}", size.width, size.height); };
    if (range.smallest == range.largest)
        return write(range.smallest) + rates_text(device, fourcc, range.smallest);
    return fmt::format("{} to {}{}", write(range.smallest), write(range.largest),
                       rates_text(device, fourcc, range.smallest));
}

std::string sizes_text(const Device& device, std::uint32_t fourcc) {
    std::string text;
    for (const SizeRange& range : list_sizes(device, fourcc))
        text += (text.empty() ? "" : ", ") + size_text(device, fourcc, range);
    return text.empty() ? "any size" : text;
}

// Formats that come in the same sizes and rates share a line.
void add_formats(const Device& device, std::vector<std::string>& facts) {
    std::vector<std::pair<std::string, std::string>> lines;  // formats, sizes
    std::string unknown;
    for (const OfferedFormat& format : list_formats(device)) {
        if (!format.known) {
            unknown += " " + fourcc_text(format.fourcc);
            continue;
        }
        const std::string sizes = sizes_text(device, format.fourcc);
        if (lines.empty() || lines.back().second != sizes)
            lines.emplace_back(format.known->name, sizes);
        else
            lines.back().first += fmt::format(" {}", format.known->name);
    }
    for (const auto& [formats, sizes] : lines)
        facts.push_back(fmt::format("{}: {}", formats, sizes));
    if (!unknown.empty())
        facts.push_back("also, not used:" + unknown);
}

void add_inputs(const Device& device, std::vector<std::string>& facts) {
    std::string names;
    unsigned count = 0;
    for (; count < 64; ++count) {
        v4l2_input input{};
        input.index = count;
        if (device.try_call(VIDIOC_ENUMINPUT, &input) != 0)
            break;
        const auto* name = reinterpret_cast<const char*>(input.name);
        names += fmt::format("{}{} ({})", count == 0 ? "" : ", ", count,
                             escaped({name, ::strnlen(name, sizeof input.name)}, 32));
    }
    if (count > 1)
        facts.push_back("input: " + names);
}

std::vector<std::string> facts_of(const Device& device) {
    std::vector<std::string> facts;
    add_formats(device, facts);
    add_inputs(device, facts);
    for (const auto& control : Controls(device).list())
        facts.push_back(describe(control));
    return facts;
}

std::string title_of(const Device& device, const Node& node) {
    const std::string where = node.usb_port.empty() ? device.bus() : "USB " + node.usb_port;
    return fmt::format("{} ({}{}, {})", escaped(device.card(), 64), escaped(where, 64),
                       node.serial.empty() ? "" : ", serial " + escaped(node.serial, 64),
                       node.path);
}

}  // namespace

std::vector<camera::FoundCamera> list_cameras(Kernel& kernel, const Places& places) {
    std::vector<camera::FoundCamera> cameras;
    const std::vector<Node> nodes = list_nodes(places);
    for (const Node& node : nodes) {
        const std::string option = "--camera v4l2:" + stable_source(node, nodes);
        try {
            if (!is_camera(kernel, node.path))
                continue;
            const Device device(kernel, node.path);
            cameras.push_back({title_of(device, node), option, facts_of(device)});
        } catch (const camera::CameraError& error) {
            cameras.push_back({node.path, option, {error.what()}});
        }
    }
    return cameras;
}

}  // namespace onlooker::drivers::v4l2
