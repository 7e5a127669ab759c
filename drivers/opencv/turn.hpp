// How the pictures of a film have to be turned or mirrored to stand upright.
//
// Films of phones, and of cameras that hang, keep their pictures as the sensor saw them, and say in
// their head how to show them. What OpenCV makes of that depends on its version: 4.6 turns by a
// quarter the wrong way (its issue 22088), 4.11 and newer do not turn everything (26876), none
// mirrors, and all "turn" undecoded packets into nonsense. So OpenCV is told to turn nothing, and
// the turn is read and made here, as ffmpeg makes it.
//
// Owner: the video source. Thread: its reader's. Pure but for film_turn(), which reads a file.
#pragma once

#include <opencv2/core.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace onlooker::drivers {

// First rows and columns change places, then the picture is mirrored: all eight ways to turn and
// mirror by right angles.
struct Turn {
    bool transposed = false;
    bool left_to_right = false;
    bool top_to_bottom = false;

    bool is_none() const noexcept { return !transposed && !left_to_right && !top_to_bottom; }
    friend bool operator==(const Turn&, const Turn&) = default;
};

// What a display matrix says of directions: where the picture's x axis goes, (xx, xy), and its y
// axis, (yx, yy).
struct DisplayMatrix {
    std::int32_t xx = 1 << 16, xy = 0, yx = 0, yy = 1 << 16;  // 16.16 fixed point
};

// Angles that are no right ones become the nearest.
Turn turn_of(const DisplayMatrix& matrix) noexcept;

// `degrees` clockwise, of OpenCV's CAP_PROP_ORIENTATION_META, which version `major`.`minor` of it
// gives; 0 where it knows of none.
Turn turn_of_opencv(double degrees, int major, int minor) noexcept;

// What the first video track of an MP4 or MOV says (ISO/IEC 14496-12, 8.2.2 and 8.3.2); nothing
// when the file is of another kind, cannot be read or is broken.
std::optional<Turn> film_turn(const std::string& path);

// `turned` must be another matrix than `picture`; its memory is used again.
void apply(const Turn& turn, const cv::Mat& picture, cv::Mat& turned);

}  // namespace onlooker::drivers
