#include "v4l2/naming.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "v4l2/device.hpp"
#include "v4l2/offers.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

namespace fs = std::filesystem;
using camera::CameraError;
using camera::ErrorKind;

constexpr std::string_view serial_prefix = "serial:";
constexpr std::string_view usb_prefix = "usb:";
constexpr std::string_view node_prefix = "video";

std::string first_line(const fs::path& file) {
    std::string line;
    std::ifstream stream(file);
    std::getline(stream, line);
    return line;
}

std::optional<unsigned> number_of(const std::string& name) {
    if (!name.starts_with(node_prefix))
        return std::nullopt;
    return parse_number<unsigned>(std::string_view(name).substr(node_prefix.size()));
}

// The folder of the USB device, which is above that of the interface ("1-1.2:1.0"), or empty.
fs::path usb_device_of(const fs::path& class_folder) {
    std::error_code error;
    const fs::path interface = fs::canonical(class_folder / "device", error);
    if (error || interface.filename().string().find(':') == std::string::npos)
        return {};
    const fs::path device = interface.parent_path();
    return fs::exists(device / "idVendor", error) ? device : fs::path();
}

// Which by-id link leads to which node, "video0".
std::map<std::string, std::string> links_by_node(const Places& places) {
    std::map<std::string, std::string> links;
    std::error_code error;
    for (fs::directory_iterator link(places.dev + "/v4l/by-id", error), end; !error && link != end;
         link.increment(error)) {
        std::error_code unreadable;
        const fs::path target = fs::read_symlink(link->path(), unreadable);
        if (!unreadable)
            links.emplace(target.filename().string(), link->path().string());
    }
    return links;
}

bool captures(Kernel& kernel, const std::string& path) {
    try {
        const Device device(kernel, path);
        return true;
    } catch (const CameraError& error) {
        // One that is busy or not for us is there all the same, and opening it will say so.
        return error.kind() == ErrorKind::busy || error.kind() == ErrorKind::no_permission;
    }
}

std::string matching_node(Kernel& kernel, const Places& places, std::string Node::* field,
                          std::string_view value, std::string_view what) {
    for (const Node& node : list_nodes(places))
        if (node.*field == value && captures(kernel, node.path))
            return node.path;
    throw CameraError(ErrorKind::not_found,
                      fmt::format("no camera with {} {} is there: plug it in, or see "
                                  "'onlooker --list-cameras'",
                                  what, escaped(value, 80)));
}

std::string first_camera(Kernel& kernel, const Places& places) {
    std::optional<CameraError> refused;
    for (const Node& node : list_nodes(places)) {
        try {
            if (is_camera(kernel, node.path))
                return node.path;
        } catch (const CameraError& error) {
            if (error.kind() == ErrorKind::no_permission && !refused)
                refused = error;
        }
    }
    if (refused)
        throw *refused;
    throw CameraError(ErrorKind::not_found,
                      "no camera is plugged in (no " + places.dev + "/video* gives pictures)");
}

}  // namespace

std::vector<Node> list_nodes(const Places& places) {
    const auto links = links_by_node(places);
    std::vector<Node> nodes;
    std::error_code error;
    const fs::path folder = places.sys + "/class/video4linux";
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const auto number = number_of(name);
        if (!number)
            continue;  // a sub-device or a radio
        Node node;
        node.number = *number;
        node.path = places.dev + "/" + name;
        node.index = parse_number<unsigned>(first_line(entry->path() / "index")).value_or(0);
        if (const fs::path usb = usb_device_of(entry->path()); !usb.empty()) {
            node.usb_port = usb.filename().string();
            node.serial = first_line(usb / "serial");
        }
        if (const auto link = links.find(name); link != links.end())
            node.link = link->second;
        nodes.push_back(std::move(node));
    }
    std::ranges::sort(nodes, {}, &Node::number);
    return nodes;
}

const char* source_complaint(std::string_view source) noexcept {
    if (source.empty() || source.starts_with('/') || parse_number<unsigned>(source))
        return nullptr;
    if ((source.starts_with(serial_prefix) && source.size() > serial_prefix.size()) ||
        (source.starts_with(usb_prefix) && source.size() > usb_prefix.size()))
        return nullptr;
    return "expected /dev/videoN, N, /dev/v4l/by-id/..., serial:NUMBER, usb:PORT, or nothing for "
           "the first camera";
}

std::string resolve_source(Kernel& kernel, const std::string& source, const Places& places) {
    const std::string_view text = source;
    if (text.empty())
        return first_camera(kernel, places);
    if (text.starts_with(serial_prefix))
        return matching_node(kernel, places, &Node::serial, text.substr(serial_prefix.size()),
                             "serial number");
    if (text.starts_with(usb_prefix))
        return matching_node(kernel, places, &Node::usb_port, text.substr(usb_prefix.size()),
                             "USB port");
    if (parse_number<unsigned>(text))
        return places.dev + "/video" + source;
    return source;
}

std::string path_to_watch(const std::string& source, const Places& places) {
    if (source.starts_with('/'))
        return source;
    if (parse_number<unsigned>(source))
        return places.dev + "/video" + source;
    return places.dev + "/";
}

bool is_camera(Kernel& kernel, const std::string& path) {
    static constexpr std::array stages{"bcm2835-isp", "bcm2835-codec", "pispbe"};
    try {
        const Device device(kernel, path);
        if (std::ranges::find(stages, device.driver()) != stages.end())
            return false;
        return std::ranges::any_of(list_formats(device),
                                   [](const OfferedFormat& format) { return format.known; });
    } catch (const CameraError& error) {
        if (error.kind() == ErrorKind::no_permission)
            throw;
        return false;
    }
}

}  // namespace onlooker::drivers::v4l2
