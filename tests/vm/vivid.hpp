// The operator of a vivid device: sets its controls from outside, as v4l2-ctl would.
//
// vivid is the kernel's virtual video driver. Numbers of its controls: the kernel's
// drivers/media/test-drivers/vivid/vivid-ctrls.c.
#pragma once

#include <fcntl.h>

#include <linux/videodev2.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>

#include "base/unique_fd.hpp"

namespace onlooker::test {

class Vivid {
  public:
    enum Control : std::uint32_t {
        test_pattern = 0x00F0F000,
        text = 0x00F0F001,
        quantization = 0x00F0F01C,
        wrap_sequence = 0x00F0F026,
        wrap_timestamp = 0x00F0F027,
        fill_percentage = 0x00F0F029,
        signal_mode = 0x00F0F03E,
        timings = 0x00F0F03F,
        dropped_percentage = 0x00F0F040,
        disconnect = 0x00F0F041,
        broken_buffer = 0x00F0F042,
        reqbufs_error = 0x00F0F043,
        qbuf_error = 0x00F0F044,
        streamon_error = 0x00F0F045,
        fatal_error = 0x00F0F046,
    };
    enum Pattern : std::int32_t { bars_75 = 0, bars = 1, rows = 3 };
    enum Signal : std::int32_t {
        present = 0,
        none = 1,
        unlocked = 2,
        out_of_range = 3,
        chosen = 4
    };
    static constexpr std::int32_t no_text = 2;
    // Entries of the menu `timings`.
    static constexpr std::int32_t timings_640x480 = 0;
    static constexpr std::int32_t timings_1280x720 = 9;

    explicit Vivid(const std::string& path)
        : path_(path), device_(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK)) {
        if (!device_)
            throw std::system_error(errno, std::generic_category(), path);
    }

    void set(std::uint32_t control, std::int32_t value = 1) {
        v4l2_control words{control, value};
        if (::ioctl(device_.get(), VIDIOC_S_CTRL, &words) != 0)
            throw std::system_error(errno, std::generic_category(), path_);
    }
    std::int32_t get(std::uint32_t control) {
        v4l2_control words{control, 0};
        if (::ioctl(device_.get(), VIDIOC_G_CTRL, &words) != 0)
            throw std::system_error(errno, std::generic_category(), path_);
        return words.value;
    }
    void choose_input(int input) { ::ioctl(device_.get(), VIDIOC_S_INPUT, &input); }

  private:
    std::string path_;
    UniqueFd device_;
};

// Takes its devices, all at once, from the kernel's driver, whoever has them open; or gives them
// back.
inline void bind_vivid(bool bound) {
    const std::string folder = "/sys/bus/platform/drivers/vivid/";
    std::ofstream(folder + (bound ? "bind" : "unbind")) << "vivid.0" << std::flush;
}

}  // namespace onlooker::test
