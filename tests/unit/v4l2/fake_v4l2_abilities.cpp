// What the scripted camera says of itself: its formats, its signal, its controls.
#include <cerrno>
#include <cstring>

#include "fake_v4l2.hpp"

namespace onlooker::test {

int FakeV4l2::answer_about_format(unsigned long request, void* argument) {
    switch (request) {
        case VIDIOC_ENUM_FMT: {
            auto& words = as<v4l2_fmtdesc>(argument);
            if (words.index >= formats.size())
                return EINVAL;
            words.pixelformat = formats[words.index];
            words.flags = format_flags;
            return 0;
        }
        case VIDIOC_ENUM_FRAMESIZES: {
            auto& words = as<v4l2_frmsizeenum>(argument);
            if (words.index > 0)
                return EINVAL;
            words.type = V4L2_FRMSIZE_TYPE_DISCRETE;
            words.discrete = {640, 480};
            return 0;
        }
        case VIDIOC_ENUM_FRAMEINTERVALS: {
            auto& words = as<v4l2_frmivalenum>(argument);
            if (words.index > 1)
                return EINVAL;
            words.type = V4L2_FRMIVAL_TYPE_DISCRETE;
            words.discrete = {1, words.index == 0 ? 30U : 15U};
            return 0;
        }
        case VIDIOC_S_FMT:
            format = as<v4l2_format>(argument);
            format.fmt.pix.width = 640;
            format.fmt.pix.height = 480;
            format.fmt.pix.bytesperline =
                format.fmt.pix.pixelformat == V4L2_PIX_FMT_YUYV ? 1280 : 0;
            as<v4l2_format>(argument) = format;
            return 0;
        case VIDIOC_G_PARM:
        case VIDIOC_S_PARM:
            as<v4l2_streamparm>(argument).parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
            return 0;
        default:
            return unknown_request;
    }
}

int FakeV4l2::answer_about_signal(unsigned long request, void* argument) {
    switch (request) {
        case VIDIOC_G_INPUT:
            as<int>(argument) = 0;
            return 0;
        case VIDIOC_ENUMINPUT:
            if (as<v4l2_input>(argument).index > 0)
                return EINVAL;
            as<v4l2_input>(argument).capabilities = has_timings ? V4L2_IN_CAP_DV_TIMINGS : 0;
            return 0;
        case VIDIOC_QUERY_DV_TIMINGS:
            return timings_error;
        case VIDIOC_S_DV_TIMINGS:
            return streaming ? EBUSY : 0;
        case VIDIOC_G_FMT:
            as<v4l2_format>(argument).fmt.pix.width = 640;
            as<v4l2_format>(argument).fmt.pix.height = 480;
            return 0;
        case VIDIOC_SUBSCRIBE_EVENT:
            return has_timings ? 0 : EINVAL;  // uvcvideo refuses it
        case VIDIOC_DQEVENT:
            if (events.empty())
                return ENOENT;
            as<v4l2_event>(argument) = events.front();
            events.pop_front();
            return 0;
        default:
            return unknown_request;
    }
}

int FakeV4l2::answer_about_controls(unsigned long request, void* argument) {
    switch (request) {
        case VIDIOC_QUERY_EXT_CTRL:
            return query_control(as<v4l2_query_ext_ctrl>(argument));
        case VIDIOC_QUERYMENU: {
            auto& item = as<v4l2_querymenu>(argument);
            if (item.index != 1 && item.index != 3)
                return EINVAL;
            std::strcpy(reinterpret_cast<char*>(item.name),
                        item.index == 1 ? "Manual Mode" : "Aperture Priority Mode");
            return 0;
        }
        case VIDIOC_G_EXT_CTRLS:
        case VIDIOC_S_EXT_CTRLS: {
            auto& control = *as<v4l2_ext_controls>(argument).controls;
            if (request == VIDIOC_G_EXT_CTRLS) {
                control.value = static_cast<__s32>(control_values.at(control.id));
            } else {
                control_values[control.id] = control.value;
                controls_set.push_back(control.id);
            }
            return 0;
        }
        default:
            return unknown_request;
    }
}

// A number, a menu with gaps that decides over it, and where a test adds it a button.
int FakeV4l2::query_control(v4l2_query_ext_ctrl& query) const {
    const std::uint32_t after = query.id & ~static_cast<std::uint32_t>(V4L2_CTRL_FLAG_NEXT_CTRL);
    const auto next = control_values.upper_bound(after);
    if (next == control_values.end())
        return EINVAL;
    const bool menu = next->first == V4L2_CID_EXPOSURE_AUTO;
    query.id = next->first;
    if (next->first == V4L2_CID_DO_WHITE_BALANCE) {
        query.type = V4L2_CTRL_TYPE_BUTTON;
        std::strcpy(query.name, "Do White Balance");
        return 0;
    }
    query.type = menu ? V4L2_CTRL_TYPE_MENU : V4L2_CTRL_TYPE_INTEGER;
    std::strcpy(query.name, menu ? "Auto Exposure" : "Brightness");
    query.minimum = 0;
    query.maximum = menu ? 3 : 255;
    query.step = 1;
    query.default_value = menu ? 3 : 128;
    return 0;
}

}  // namespace onlooker::test
