// What a viewer wants done to a camera's pictures: part of them, turned, smaller, in grey, with
// words on them, at another quality. Whoever wants the same shares one making of it
// (variants/variants.hpp), so a recipe has one canonical form, and is a key.
//
// The steps, in their order; each works on the picture as the one before shows it:
//
//     upright   what an EXIF orientation of the source says
//     crop      a rectangle of that, in pixels
//     turn      clockwise, and then mirror left for right
//     scale     in eighths, the steps in which a JPEG is decoded smaller; never larger
//     grey, overlay, encode
//
// Plain values and pure functions; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace onlooker::media {

enum class Turn : std::uint8_t { none, right, half, left };  // 0, 90, 180, 270 degrees clockwise

// The text of an overlay of which no more was said than that there is to be one.
inline constexpr std::string_view default_overlay_text = "{name}  %Y-%m-%d %H:%M:%S";

// Words on the picture. Empty: none.
struct Overlay {
    enum class Corner : std::uint8_t { top_left, top_right, bottom_left, bottom_right };

    // UTF-8. strftime's conversions are expanded with the time of capture; {name} is what people
    // call the camera, {frame} the number of the frame.
    std::string text;
    Corner corner = Corner::bottom_left;
    unsigned size = 4;                // height of a line, in hundredths of the picture's
    std::uint32_t colour = 0xffffff;  // 0xRRGGBB
    std::string zone;                 // of the IANA database; empty: that of this machine

    auto operator<=>(const Overlay&) const = default;
    bool operator==(const Overlay&) const = default;
    explicit operator bool() const noexcept { return !text.empty(); }
};

struct Recipe {
    // Pixels of the source as it is shown upright. Width 0: all of it.
    struct Crop {
        unsigned x = 0;
        unsigned y = 0;
        unsigned width = 0;
        unsigned height = 0;

        auto operator<=>(const Crop&) const = default;
        bool operator==(const Crop&) const = default;
        explicit operator bool() const noexcept { return width > 0; }
    };

    // How much smaller: 8 is the size of the source. Where `fit_width` or `fit_height` is not 0,
    // the size of the source decides: see resolved().
    unsigned eighths = 8;
    // The smallest step that has so many pixels is wide or high enough; where both are given, the
    // one that makes the picture smaller counts, so that 640 x 480 of 1280 x 720 is 640 x 360. 0:
    // any.
    unsigned fit_width = 0;
    unsigned fit_height = 0;

    Crop crop;
    Turn turn = Turn::none;
    bool mirror = false;
    bool grey = false;
    // Turn, mirror, crop and grey move the coefficients of the JPEG and lose nothing; up to 15
    // pixels at the right and lower edge go where they do not fill a block, and a crop begins at
    // one. Not together with a scale, a quality or an overlay.
    bool lossless = false;
    // Turn and mirror are said in an EXIF orientation and not done: for an <img>, which obeys it.
    // Measured with all eight values: Chromium 156 and Firefox 153 lay each part of a
    // multipart/x-mixed-replace stream as its own orientation says, also when that changes from
    // part to part and when the first part has none; so they do with a snapshot, and with a stream
    // that is the page itself. Only a page that says `image-orientation: none` sees it unturned. So
    // does OpenCV's VideoCapture, while ffmpeg obeys: it is for browsers alone.
    bool by_exif = false;
    unsigned quality = 0;  // 1 to 100; 0: that of the camera
    Overlay overlay;

    auto operator<=>(const Recipe&) const = default;
    bool operator==(const Recipe&) const = default;

    // Nothing is changed: it is the camera's own picture.
    bool is_plain() const { return *this == Recipe{}; }
    // What it makes of a source can be told only once the source's size is known.
    bool wants_size() const noexcept { return fit_width > 0 || fit_height > 0 || crop; }
};

// The one form of what cannot be told apart: a size is a number of eighths, a crop lies within the
// source and one that is all of it is none, a quality is one of 5, 10 ... 95, `mirror` and `turn`
// are one of the eight ways to lay a picture. `width` and `height` are those of the source as it is
// shown upright; 0: not known yet, and what depends on them stays as it is.
Recipe resolved(Recipe recipe, unsigned width, unsigned height);

// As a query that asks for it, in its canonical spelling: "scale=1/2&rotate=90&quality=60". Empty
// for the plain one. For /state, part headers, the log.
std::string to_string(const Recipe& recipe);

}  // namespace onlooker::media
