// What can be set in the camera: its controls as USB Video Class 1.1 numbers them (appendix A.9,
// and the bits of the unit descriptors in 3.7.2.3 and 3.7.2.5), with the ranges of a common web
// camera.
#pragma once

#include <array>
#include <cstdint>

namespace uvc_camera {

inline constexpr std::uint8_t camera_terminal = 1;
inline constexpr std::uint8_t processing_unit = 2;

struct CameraControl {
    const char* name;
    std::uint8_t entity;
    std::uint8_t selector;
    std::uint8_t bit;     // in bmControls of the entity's descriptor
    std::uint8_t octets;  // of its value
    std::uint32_t minimum;
    std::uint32_t maximum;
    std::uint32_t step;
    std::uint32_t fallback;
};

// Bits of the exposure mode; its "step" says which of them the camera has.
inline constexpr std::uint8_t manual_exposure = 1;
inline constexpr std::uint8_t aperture_priority = 8;

inline constexpr std::array camera_controls{
    CameraControl{"exposure_mode", camera_terminal, 2, 1, 1, manual_exposure, aperture_priority,
                  manual_exposure | aperture_priority, aperture_priority},
    // In units of 100 microseconds.
    CameraControl{"exposure_time", camera_terminal, 4, 3, 4, 1, 10000, 1, 156},
    CameraControl{"focus", camera_terminal, 6, 5, 2, 0, 255, 5, 0},
    CameraControl{"autofocus", camera_terminal, 8, 17, 1, 0, 1, 1, 1},
    CameraControl{"brightness", processing_unit, 2, 0, 2, 0, 255, 1, 128},
    CameraControl{"contrast", processing_unit, 3, 1, 2, 0, 255, 1, 128},
    CameraControl{"saturation", processing_unit, 7, 3, 2, 0, 255, 1, 128},
    CameraControl{"gain", processing_unit, 4, 9, 2, 0, 255, 1, 64},
};

// bmControls of an entity's descriptor.
constexpr std::uint32_t control_bits(std::uint8_t entity) {
    std::uint32_t bits = 0;
    for (const CameraControl& control : camera_controls)
        if (control.entity == entity)
            bits |= std::uint32_t{1} << control.bit;
    return bits;
}

}  // namespace uvc_camera
