// What the camera says of itself on the USB: the descriptors of a USB Video Class 1.1 camera that
// gives MJPEG over a bulk end point and has the controls of camera_controls.hpp.
//
// Sources: USB 2.0, chapter 9.6; USB Video Class 1.1, chapters 3.7 (video control) and 3.9 (video
// streaming), and its Motion-JPEG payload document, chapter 3.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace uvc_camera {

using Octets = std::vector<std::uint8_t>;

struct FrameSize {
    std::uint16_t width;
    std::uint16_t height;
};
// In the order of their bFrameIndex, which counts from 1.
inline constexpr std::array frame_sizes{FrameSize{640, 480}, FrameSize{1280, 720},
                                        FrameSize{320, 240}};
// Frame intervals in units of 100 ns: 30, 15 and 10 frames a second.
inline constexpr std::array<std::uint32_t, 3> frame_intervals{333333, 666666, 1000000};

inline constexpr std::uint8_t control_interface = 0;
inline constexpr std::uint8_t streaming_interface = 1;
inline constexpr std::uint8_t end_point = 0x81;
inline constexpr std::uint16_t full_speed_packet = 64;
inline constexpr std::uint16_t high_speed_packet = 512;
inline constexpr std::uint32_t clock_frequency = 48'000'000;

// How many octets of each frame's payloads travel at a time, header included.
inline constexpr std::uint32_t payload_size = 16384;

Octets device_descriptor();
// With all that follows it: interfaces, units, formats, end point.
Octets configuration_descriptor(std::uint16_t packet_size);
Octets end_point_descriptor(std::uint16_t packet_size);
// Index 0 tells the language; 1 maker, 2 product, 3 serial number. Empty: there is none.
Octets string_descriptor(unsigned index, const std::string& serial);

}  // namespace uvc_camera
