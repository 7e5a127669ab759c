// The shapes of letters, in which an overlay is set: the program's own strokes, or a font file that
// the overlay module reads (overlay_fonts.hpp).
//
// Owner and thread: one OverlayPainter.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "media/canvas.hpp"

namespace onlooker::media {

class Typeface {
  public:
    struct Letter {
        Coverage shape;
        int left = 0;        // pixels from the pen to the shape
        int top = 0;         // pixels from the upper edge of the line to the shape
        double advance = 0;  // pixels from this pen to the next one's
    };

    Typeface() = default;
    Typeface(const Typeface&) = delete;
    Typeface& operator=(const Typeface&) = delete;
    virtual ~Typeface() = default;

    // A letter of a line that is so many pixels high, from its highest accent to its lowest stroke.
    // What the typeface lacks is a box.
    virtual Letter letter(char32_t character, int line) = 0;

    // The same text, in UTF-8, with marks that stand alone joined to their letters.
    virtual std::string composed(std::string_view text) const = 0;
};

// Knows ASCII, and nothing to load.
std::unique_ptr<Typeface> make_stroke_typeface();

}  // namespace onlooker::media
