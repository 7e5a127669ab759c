// The controls of a device: listed, read, set.
//
// Thread: the capture thread, or the main thread for --list-cameras. A control that cannot be read
// or set is a warning, never the end of the stream; only a device that has gone throws.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"
#include "v4l2/device.hpp"
#include "v4l2/settings.hpp"

namespace onlooker::drivers::v4l2 {

class Controls {
  public:
    // Lists what the device has. Arrays and structures are left out.
    explicit Controls(const Device& device);

    // What the program is told. Text controls are listed, but read-only: a value is a number.
    std::vector<camera::Control> list() const;

    // Sets control `id` to what `text` means; the words of a warning when that cannot be, else
    // empty.
    std::string set(const std::string& id, std::string_view text);

    // Sets all of `wishes`, switches and menus first: most manual values are inactive as long as
    // their automatic is on. The warnings, one line each.
    std::vector<std::string> set_all(const ControlOptions& options);

    // Asks the device again: setting one control changes the flags and values of others.
    void refresh();

  private:
    struct Entry {
        std::uint32_t id = 0;
        std::uint32_t type = 0;
        camera::Control control;
    };

    Entry* find(std::string_view id);
    std::string unknown(const std::string& id) const;
    double read(const Entry& entry) const;

    const Device& device_;
    std::vector<Entry> entries_;
};

// One line for --list-cameras: "brightness: 0..255, default 128, now 128".
std::string describe(const camera::Control& control);

}  // namespace onlooker::drivers::v4l2
