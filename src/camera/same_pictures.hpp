// Holds back pictures that show nothing new, before they are numbered and encoded: those that are
// the same octet for octet as the last one that went on, and where the user gave a level, those
// that differ from it by less than the camera's noise.
//
// The comparison is always with the last picture that went on, not with the last that came, so that
// a slow drift is seen once it has grown. After `at_most` a picture goes on whatever it shows.
//
// A picture that is held back proves that the newest one still holds. But it is an older one by its
// times, and somebody may have asked for a picture that was taken later: a snapshot with max_delay.
// So the first picture taken after the last viewer came always goes on (`wanted_after`).
//
// What the level means: luma is compared at an eighth (media/luma_map.hpp), and a picture has
// changed when one of its cells of 8 x 8 pixels has changed by so many grey levels of 256 or more.
// Measured on a built-in picture at 1280x720 with Gaussian noise of deviation s in each pixel, the
// greatest difference in 40 pairs of pictures, raw or as a JPEG of quality 60 or 80:
//
//     s            1    2    3    4    6    8   12
//     difference   2    2    4    5    5    8   12
//
// and the least that a digit of seven segments does when its 8 becomes a 9, wherever it stands:
//
//     height of the digit, pixels       12   16   24   32
//     strokes 80 grey levels off         4    5   15   20
//     strokes 160 grey levels off        8   10   30   40
//
// So a level is one or two above s: 3 for a camera in daylight, 6 for a lit room, 10 for the dark.
//
// EXIF data, which a camera may change with each picture, is no part of the comparison.
//
// Owner and thread: the capture thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "media/jpeg_check.hpp"
#include "media/luma_map.hpp"
#include "media/raw_image.hpp"

namespace onlooker::camera {

class SamePictures {
  public:
    struct Settings {
        std::chrono::milliseconds at_most{0};  // held back for so long; 0: never
        unsigned level = 0;                    // grey levels; 0: octets alone are compared
        bool on() const noexcept { return at_most.count() > 0; }
    };

    SamePictures(const Settings& settings, bool allow_truncated);

    // Whether the picture is to be held back. `taken` is now. False for one that cannot be shown:
    // whoever makes a frame of it says why.
    bool holds_back(const Captured& captured, SteadyTime taken, SteadyTime wanted_after);
    // The picture that was just asked about went on.
    void keep(const Captured& captured, SteadyTime taken);
    // The last one that went on turned out not to be showable.
    void forget() noexcept { kept_ = false; }

  private:
    bool is_same(const media::RawImage& image);
    bool is_same(const media::JpegImage& image);
    bool is_near() noexcept;

    Settings settings_;
    media::JpegLimits limits_;
    media::LumaMapper mapper_;

    // What is asked about.
    bool sound_ = false;
    media::CheckedJpeg checked_;  // if it is a JPEG
    bool octets_are_same_ = false;
    media::LumaMap map_;  // empty: it was not made

    // The last one that went on.
    bool kept_ = false;
    SteadyTime kept_at_{};
    SteadyTime captured_{};
    bool is_raw_ = false;
    media::RawImage shape_;  // without its planes
    std::vector<std::byte> octets_;
    media::LumaMap kept_map_;
};

}  // namespace onlooker::camera
