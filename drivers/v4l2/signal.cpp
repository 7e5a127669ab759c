#include "v4l2/signal.hpp"

#include <fmt/format.h>
#include <linux/videodev2.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/text.hpp"
#include "v4l2/control_names.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

constexpr unsigned most_inputs = 64;
constexpr unsigned most_standards = 64;

template <std::size_t N>
std::string text_of(const __u8 (&field)[N]) {
    const char* text = reinterpret_cast<const char*>(field);
    return {text, ::strnlen(text, N)};
}

std::optional<v4l2_input> input_at(const Device& device, unsigned index) {
    v4l2_input input{};
    input.index = index;
    if (device.try_call(VIDIOC_ENUMINPUT, &input) != 0)
        return std::nullopt;
    return input;
}

// By number, or by name or its beginning, compared as control ids are: "HDMI 0" is hdmi_0 and hdmi.
v4l2_input wished_input(const Device& device, const std::string& wish) {
    std::string names;
    for (unsigned i = 0; i < most_inputs; ++i) {
        const auto input = input_at(device, i);
        if (!input)
            break;
        const std::string name = text_of(input->name);
        if (parse_number<unsigned>(wish) == i || control_id(name).starts_with(control_id(wish)))
            return *input;
        names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", i, escaped(name, 40));
    }
    throw failed(device.path(), fmt::format("has no input '{}'; it has: {}", escaped(wish, 40),
                                            names.empty() ? "none to choose from" : names));
}

std::optional<v4l2_input> choose_input(const Device& device, const Settings& settings) {
    if (!settings.input.empty()) {
        v4l2_input input = wished_input(device, settings.input);
        int index = static_cast<int>(input.index);
        device.call(Step::choosing_input, VIDIOC_S_INPUT, &index);
        return input_at(device, input.index).value_or(input);  // the status is that of the present
    }
    int index = 0;
    if (device.try_call(VIDIOC_G_INPUT, &index) != 0 || index < 0)
        return std::nullopt;
    return input_at(device, static_cast<unsigned>(index));
}

// TV standards by the name that the device lists ("PAL-B", "NTSC-M"), or by the family.
v4l2_std_id wished_standard(const Device& device, const std::string& wish) {
    if (equal_ignoring_case(wish, "PAL"))
        return V4L2_STD_PAL;
    if (equal_ignoring_case(wish, "NTSC"))
        return V4L2_STD_NTSC;
    if (equal_ignoring_case(wish, "SECAM"))
        return V4L2_STD_SECAM;
    std::string names;
    for (unsigned i = 0; i < most_standards; ++i) {
        v4l2_standard standard{};
        standard.index = i;
        if (device.try_call(VIDIOC_ENUMSTD, &standard) != 0)
            break;
        const std::string name = text_of(standard.name);
        if (equal_ignoring_case(name, wish))
            return standard.id;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", escaped(name, 24));
    }
    throw failed(device.path(), fmt::format("has no standard '{}'; it has: PAL, NTSC, SECAM{}{}",
                                            escaped(wish, 24), names.empty() ? "" : ", ", names));
}

void set_standard(const Device& device, const Settings& settings) {
    v4l2_std_id standard = 0;
    if (!settings.standard.empty())
        standard = wished_standard(device, settings.standard);
    else if (device.try_call(VIDIOC_QUERYSTD, &standard) != 0 || standard == 0)
        return;  // not detected: the one that is set stays
    device.call(Step::choosing_input, VIDIOC_S_STD, &standard);
}

void set_timings(const Device& device) {
    v4l2_dv_timings timings{};
    if (const int error = device.try_call(VIDIOC_QUERY_DV_TIMINGS, &timings); error != 0) {
        if (const char* words = timing_words(error))
            throw no_signal(device.path(), words);
        if (error != ENOTTY && error != ENODATA)
            throw device_error(Step::choosing_input, error, device.path());
        return;  // cannot measure: what is set stays
    }
    device.call(Step::choosing_input, VIDIOC_S_DV_TIMINGS, &timings);
}

std::optional<Size> present_size(const Device& device) {
    v4l2_format format{};
    format.type = device.type();
    if (device.try_call(VIDIOC_G_FMT, &format) != 0)
        return std::nullopt;
    const Size size = device.multiplanar() ? Size{format.fmt.pix_mp.width, format.fmt.pix_mp.height}
                                           : Size{format.fmt.pix.width, format.fmt.pix.height};
    return size.width > 0 && size.height > 0 ? std::optional(size) : std::nullopt;
}

// uvcvideo refuses this, since a webcam's source does not change: not a reason to fail.
void subscribe_to_changes(const Device& device, unsigned input) {
    v4l2_event_subscription wish{};
    wish.type = V4L2_EVENT_SOURCE_CHANGE;
    wish.id = input;
    device.try_call(VIDIOC_SUBSCRIBE_EVENT, &wish);
}

}  // namespace

Signal follow_signal(const Device& device, const Settings& settings) {
    Signal signal;
    const auto input = choose_input(device, settings);
    if (!input)
        return signal;
    // Subscribed first, so that a change while we measure is not missed.
    subscribe_to_changes(device, input->index);
    if (input->capabilities & V4L2_IN_CAP_DV_TIMINGS) {
        set_timings(device);
        signal.size = present_size(device);
    } else if (input->capabilities & V4L2_IN_CAP_STD) {
        set_standard(device, settings);
        signal.size = present_size(device);
    }
    if (const char* words = status_words(input->status))
        throw no_signal(device.path(), words);
    return signal;
}

const char* timing_words(int error) noexcept {
    switch (error) {
        case ENOLINK:
            return "has no signal: is the cable plugged in, and the source switched on?";
        case ENOLCK:
            return "sees a signal but cannot lock onto it: a bad cable, or a source that is just "
                   "starting";
        case ERANGE:
            return "gets a signal that is out of its range: choose a smaller size or rate at the "
                   "source";
        default:
            return nullptr;
    }
}

const char* status_words(unsigned status) noexcept {
    if (status & V4L2_IN_ST_NO_POWER)
        return "has an input without power: is the source switched on?";
    if (status & V4L2_IN_ST_NO_SIGNAL)
        return timing_words(ENOLINK);
    if (status & (V4L2_IN_ST_NO_SYNC | V4L2_IN_ST_NO_H_LOCK | V4L2_IN_ST_NO_V_LOCK))
        return timing_words(ENOLCK);
    return nullptr;
}

bool source_changed(const Device& device) {
    bool changed = false;
    // Bounded: a device may make events as fast as we read them.
    for (int i = 0; i < 64; ++i) {
        v4l2_event event{};
        const int error = device.try_call(VIDIOC_DQEVENT, &event);
        if (error == ENODEV)
            throw device_error(Step::capturing, error, device.path());
        if (error != 0)
            break;
        changed = changed || (event.type == V4L2_EVENT_SOURCE_CHANGE &&
                              (event.u.src_change.changes & V4L2_EVENT_SRC_CH_RESOLUTION));
    }
    return changed;
}

}  // namespace onlooker::drivers::v4l2
