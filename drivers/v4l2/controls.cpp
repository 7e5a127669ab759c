#include "v4l2/controls.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <ranges>

#include "base/text.hpp"
#include "v4l2/control_names.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using camera::Control;

constexpr std::size_t most_controls = 256;
constexpr std::int64_t most_menu_items = 256;
// How many of them are named in one line for a person.
constexpr std::size_t most_named = 16;

template <typename Octet, std::size_t N>
std::string text_of(const Octet (&field)[N]) {
    const char* text = reinterpret_cast<const char*>(field);
    return {text, ::strnlen(text, N)};
}

std::optional<Control::Type> type_of(std::uint32_t type) {
    switch (type) {
        case V4L2_CTRL_TYPE_INTEGER:
        case V4L2_CTRL_TYPE_INTEGER64:
        case V4L2_CTRL_TYPE_BITMASK:
            return Control::Type::integer;
        case V4L2_CTRL_TYPE_BOOLEAN:
            return Control::Type::boolean;
        case V4L2_CTRL_TYPE_MENU:
        case V4L2_CTRL_TYPE_INTEGER_MENU:
            return Control::Type::menu;
        case V4L2_CTRL_TYPE_BUTTON:
            return Control::Type::button;
        case V4L2_CTRL_TYPE_STRING:
            return Control::Type::text;
        default:
            return std::nullopt;  // titles of groups, and structures
    }
}

std::vector<Control::MenuItem> read_menu(const Device& device, const v4l2_query_ext_ctrl& query) {
    std::vector<Control::MenuItem> items;
    const std::int64_t last = std::min(query.maximum, query.minimum + most_menu_items);
    for (std::int64_t index = query.minimum; index <= last; ++index) {
        v4l2_querymenu item{};
        item.id = query.id;
        item.index = static_cast<__u32>(index);
        if (device.try_call(VIDIOC_QUERYMENU, &item) != 0)
            continue;  // menus have gaps
        // The member is one of a union in a packed structure, so it is copied before it is used.
        const std::int64_t number = item.value;
        items.push_back({index, query.type == V4L2_CTRL_TYPE_INTEGER_MENU
                                    ? fmt::format("{}", number)
                                    : text_of(item.name)});
    }
    return items;
}

Control control_of(const v4l2_query_ext_ctrl& query, Control::Type type) {
    Control control;
    control.name = text_of(query.name);
    control.id = control_id(control.name);
    control.type = type;
    control.minimum = static_cast<double>(query.minimum);
    control.maximum = static_cast<double>(query.maximum);
    control.step = static_cast<double>(query.step);
    if (query.type == V4L2_CTRL_TYPE_BITMASK) {
        // The kernel writes a mask of 32 bits into a signed number; its minimum is always 0.
        control.maximum = static_cast<double>(static_cast<std::uint32_t>(query.maximum));
        control.step = 1;
    }
    control.fallback = static_cast<double>(query.default_value);
    control.read_only =
        (query.flags & V4L2_CTRL_FLAG_READ_ONLY) != 0 || type == Control::Type::text;
    control.inactive = (query.flags & (V4L2_CTRL_FLAG_INACTIVE | V4L2_CTRL_FLAG_GRABBED)) != 0;
    return control;
}

// Two controls of one device may have the same name; v4l2-ctl numbers them in the same way.
void make_unique(std::string& id, const auto& entries) {
    const auto taken = [&](const std::string& name) {
        return std::ranges::any_of(entries,
                                   [&](const auto& entry) { return entry.control.id == name; });
    };
    if (!taken(id))
        return;
    for (unsigned n = 1;; ++n)
        if (std::string numbered = fmt::format("{}_{}", id, n); !taken(numbered)) {
            id = std::move(numbered);
            return;
        }
}

bool is_switch(const Control& control) {
    return control.type == Control::Type::boolean || control.type == Control::Type::menu;
}

}  // namespace

Controls::Controls(const Device& device) : device_(device) {
    refresh();
}

void Controls::refresh() {
    entries_.clear();
    v4l2_query_ext_ctrl query{};
    while (entries_.size() < most_controls) {
        const std::uint32_t previous = query.id;
        query = {};
        query.id = previous | V4L2_CTRL_FLAG_NEXT_CTRL;
        if (device_.try_call(VIDIOC_QUERY_EXT_CTRL, &query) != 0 || query.id <= previous)
            return;
        const auto type = type_of(query.type);
        if (!type || query.nr_of_dims > 0 || (query.flags & V4L2_CTRL_FLAG_DISABLED))
            continue;
        Entry entry{query.id, query.type, control_of(query, *type)};
        if (entry.control.id.empty())
            continue;
        make_unique(entry.control.id, entries_);
        if (*type == Control::Type::menu)
            entry.control.menu = read_menu(device_, query);
        if (*type != Control::Type::button && *type != Control::Type::text &&
            (query.flags & V4L2_CTRL_FLAG_WRITE_ONLY) == 0)
            entry.control.value = read(entry);
        entries_.push_back(std::move(entry));
    }
}

double Controls::read(const Entry& entry) const {
    v4l2_ext_control control{};
    control.id = entry.id;
    v4l2_ext_controls words{};
    words.count = 1;
    words.controls = &control;
    if (device_.try_call(VIDIOC_G_EXT_CTRLS, &words) != 0)
        return entry.control.fallback;
    if (entry.type == V4L2_CTRL_TYPE_INTEGER64)
        return static_cast<double>(control.value64);
    if (entry.type == V4L2_CTRL_TYPE_BITMASK)
        return static_cast<double>(static_cast<std::uint32_t>(control.value));
    return static_cast<double>(control.value);
}

std::vector<Control> Controls::list() const {
    std::vector<Control> result;
    result.reserve(entries_.size());
    for (const Entry& entry : entries_)
        result.push_back(entry.control);
    return result;
}

Controls::Entry* Controls::find(std::string_view id) {
    const auto found =
        std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.control.id == id; });
    return found == entries_.end() ? nullptr : &*found;
}

std::string Controls::unknown(const std::string& id) const {
    std::string names;
    for (std::size_t i = 0; i < std::min(entries_.size(), most_named); ++i)
        names += (names.empty() ? "" : ", ") + entries_[i].control.id;
    if (entries_.size() > most_named)
        names += ", and more: see 'onlooker --list-cameras'";
    return fmt::format("{} has no control '{}'; it has: {}", device_.path(), escaped(id, 64),
                       names.empty() ? "none" : names);
}

std::string Controls::set(const std::string& id, std::string_view text) {
    const Entry* entry = find(id);
    if (!entry)
        return unknown(id);
    if (entry->control.read_only)
        return fmt::format("{}: control {} can only be read", device_.path(), id);
    const auto value = control_value(entry->control, text);
    if (!value)
        return fmt::format("{}: control {} cannot be '{}'; {}", device_.path(), id,
                           escaped(text, 40), describe(entry->control));
    v4l2_ext_control control{};
    control.id = entry->id;
    if (entry->type == V4L2_CTRL_TYPE_INTEGER64)
        control.value64 = static_cast<std::int64_t>(*value);
    else if (entry->type == V4L2_CTRL_TYPE_BITMASK)
        control.value = static_cast<std::int32_t>(static_cast<std::uint32_t>(*value));
    else
        control.value = static_cast<std::int32_t>(*value);
    v4l2_ext_controls words{};
    words.count = 1;
    words.controls = &control;
    const int error = device_.try_call(VIDIOC_S_EXT_CTRLS, &words);
    if (error == ENODEV)
        throw device_error(Step::capturing, error, device_.path());
    if (error != 0)
        return fmt::format("{}: control {} refused {}: {}", device_.path(), id, *value,
                           std::strerror(error));
    return {};
}

std::vector<std::string> Controls::set_all(const ControlOptions& options) {
    std::vector<std::string> warnings;
    for (const bool switches : {true, false})
        for (const auto& [id, text] : options) {
            const Entry* entry = find(id);
            if (switches != (entry && is_switch(entry->control)))
                continue;
            if (std::string warning = set(id, text); !warning.empty())
                warnings.push_back(std::move(warning));
        }
    return warnings;
}

std::string describe(const Control& control) {
    std::string line = control.id + ": ";
    if (control.type == Control::Type::menu) {
        std::string items;
        for (const auto& item : control.menu | std::views::take(most_named))
            items += fmt::format("{}{} ({})", items.empty() ? "" : ", ", item.value,
                                 escaped(item.name, 32));
        if (control.menu.size() > most_named)
            items += fmt::format(", and {} more", control.menu.size() - most_named);
        line += items;
    } else if (control.type == Control::Type::boolean) {
        line += "on or off";
    } else if (control.type == Control::Type::button) {
        return line + "button, press with 1";
    } else if (control.type == Control::Type::text) {
        return line + "text, read only";
    } else {
        line += fmt::format("{}..{}", control.minimum, control.maximum);
        if (control.step > 1)
            line += fmt::format(" in steps of {}", control.step);
    }
    line += fmt::format(", default {}, now {}", control.fallback, control.value);
    if (control.read_only)
        line += ", read only";
    if (control.inactive)
        line += ", inactive now";
    return line;
}

}  // namespace onlooker::drivers::v4l2
