#include "libcamera/control_values.hpp"

#include <libcamera/control_ids.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/text.hpp"
#include "libcamera/api.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using Kind = ControlDescription::Kind;

std::optional<Kind> kind_of(const libcamera::ControlId& id) {
    if (api::is_list(id))
        return std::nullopt;
    switch (id.type()) {
        case libcamera::ControlTypeBool:
            return Kind::boolean;
        case libcamera::ControlTypeByte:
        case libcamera::ControlTypeInteger32:
        case libcamera::ControlTypeInteger64:
            return Kind::integer;
        case libcamera::ControlTypeFloat:
            return Kind::real;
        default:
            return std::nullopt;
    }
}

std::optional<double> number_in(const libcamera::ControlValue& value) {
    if (value.isArray())
        return std::nullopt;
    switch (value.type()) {
        case libcamera::ControlTypeBool:
            return value.get<bool>() ? 1 : 0;
        case libcamera::ControlTypeByte:
            return value.get<std::uint8_t>();
        case libcamera::ControlTypeInteger32:
            return value.get<std::int32_t>();
        case libcamera::ControlTypeInteger64:
            return static_cast<double>(value.get<std::int64_t>());
        case libcamera::ControlTypeFloat:
            return static_cast<double>(value.get<float>());
        default:
            return std::nullopt;
    }
}

// The nearest that the type can hold: a conversion out of range would be undefined.
template <typename Number>
Number saturated(double value) {
    constexpr auto least = static_cast<double>(std::numeric_limits<Number>::lowest());
    constexpr auto most = static_cast<double>(std::numeric_limits<Number>::max());
    if (value >= most)
        return std::numeric_limits<Number>::max();
    return value <= least ? std::numeric_limits<Number>::lowest() : static_cast<Number>(value);
}

libcamera::ControlValue value_for(const libcamera::ControlId& id, double number) {
    switch (id.type()) {
        case libcamera::ControlTypeBool:
            return {number != 0};
        case libcamera::ControlTypeByte:
            return {saturated<std::uint8_t>(number)};
        case libcamera::ControlTypeInteger32:
            return {saturated<std::int32_t>(number)};
        case libcamera::ControlTypeInteger64:
            return {saturated<std::int64_t>(number)};
        default:
            return {static_cast<float>(number)};
    }
}

// Those names of a choice that this camera takes; a number without a name is its own.
api::ChoiceNames choices_of(const libcamera::ControlId& id, const libcamera::ControlInfo& info) {
    api::ChoiceNames names = api::choice_names(id);
    if (info.values().empty() || id.type() == libcamera::ControlTypeBool)
        return names;
    api::ChoiceNames choices;
    for (const libcamera::ControlValue& value : info.values()) {
        const auto number = static_cast<std::int64_t>(number_in(value).value_or(0));
        const auto name = std::ranges::find(names, number, &api::ChoiceNames::value_type::first);
        choices.emplace_back(number, name == names.end() ? std::to_string(number) : name->second);
    }
    return choices;
}

ControlDescription describe(const libcamera::ControlId& id, const libcamera::ControlInfo& info,
                            Kind kind) {
    ControlDescription description;
    description.name = id.name();
    description.kind = kind;
    description.minimum = number_in(info.min()).value_or(0);
    description.maximum = number_in(info.max()).value_or(kind == Kind::boolean ? 1 : 0);
    // Some pipelines give no default; the least value is then the safe guess for a listing.
    description.fallback = number_in(info.def()).value_or(description.minimum);
    description.choices = choices_of(id, info);
    return description;
}

}  // namespace

bool is_libcamera_control(std::string_view id) {
    return std::ranges::any_of(libcamera::controls::controls, [id](const auto& entry) {
        return kind_of(*entry.second) && control_id(entry.second->name()) == id;
    });
}

CameraControls::CameraControls(const libcamera::Camera& camera)
    : info_(camera.controls()), pending_(libcamera::controls::controls) {
    for (const auto& [id, info] : info_) {
        if (id->id() == libcamera::controls::FrameDurationLimits.id()) {
            const double least = number_in(info.min()).value_or(0);  // microseconds
            highest_rate_ = least > 0 ? 1e6 / least : 0;
        }
        const auto kind = kind_of(*id);
        if (kind)
            entries_[control_id(id->name())] = {id, describe(*id, info, *kind), std::nullopt};
    }
}

void CameraControls::want(const WantedControl& wanted,
                          const std::function<void(const std::string&)>& warn) {
    const auto entry = entries_.find(wanted.id);
    if (entry == entries_.end()) {
        if (wanted.absence == WantedControl::Absence::told)
            warn("this camera has no control " + wanted.id + "; left as it is");
        return;
    }
    const auto value = parse_control(entry->second.description, wanted.text);
    if (!value)
        return warn("the control " + wanted.id + " does not take " + escaped(wanted.text, 60) +
                    "; left as it is (--list-cameras shows what it takes)");
    const double fitted = fit_control(entry->second.description, *value);
    if (std::abs(fitted - *value) > 1e-6 * std::max(1.0, std::abs(fitted)))
        warn("the control " + wanted.id + " takes nothing beyond " + std::to_string(fitted) +
             "; set to that");
    want(wanted.id, fitted);
}

bool CameraControls::want(std::string_view id, double value) {
    const auto found = entries_.find(id);
    if (found == entries_.end())
        return false;
    Entry& entry = found->second;
    entry.value = fit_control(entry.description, value);
    pending_.set(entry.id->id(), value_for(*entry.id, *entry.value));
    return true;
}

bool CameraControls::want_rate(double rate) {
    const auto& limits = libcamera::controls::FrameDurationLimits;
    if (rate <= 0 || info_.find(limits.id()) == info_.end())
        return false;
    const auto period = static_cast<std::int64_t>(std::llround(1e6 / rate));
    const std::array<std::int64_t, 2> both{period, period};
    pending_.set(limits.id(),
                 libcamera::ControlValue(libcamera::Span<const std::int64_t, 2>(both)));
    return true;
}

libcamera::ControlList CameraControls::take_pending() {
    libcamera::ControlList taken = pending_;
    pending_.clear();
    return taken;
}

std::vector<camera::Control> CameraControls::list() const {
    std::vector<camera::Control> controls;
    controls.reserve(entries_.size());
    for (const auto& [id, entry] : entries_)
        controls.push_back(to_control(entry.description, entry.value));
    return controls;
}

double CameraControls::value(std::string_view id, double otherwise) const {
    const auto entry = entries_.find(id);
    return entry != entries_.end() && entry->second.value ? *entry->second.value : otherwise;
}

}  // namespace onlooker::drivers::libcamera_driver
