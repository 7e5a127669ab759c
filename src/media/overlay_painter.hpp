// Writes the words of an Overlay onto a picture. The words are laid out again only when they or the
// picture's size change; those of the frame before are put on it in a few microseconds.
//
// Owner and thread: one worker or capture thread. Errors: words that cannot be written leave the
// picture as it is; check() says beforehand what is wrong with them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "media/overlay_fonts.hpp"
#include "media/planes.hpp"
#include "media/recipe.hpp"

namespace onlooker::media {

class OverlayPainter {
  public:
    // What the words are about.
    struct Subject {
        std::string_view title;    // {name}
        std::uint64_t number = 0;  // {frame}
        std::chrono::system_clock::time_point wall;
    };

    explicit OverlayPainter(OverlayFonts& fonts = OverlayFonts::of_process());
    ~OverlayPainter();
    OverlayPainter(const OverlayPainter&) = delete;
    OverlayPainter& operator=(const OverlayPainter&) = delete;

    void paint(Planes& picture, const Overlay& overlay, const Subject& subject);

    // Empty, or what is wrong with an overlay that a user wrote, in words: an unknown time zone or
    // conversion, text that is no UTF-8 or too long.
    static std::string check(const Overlay& overlay,
                             OverlayFonts& fonts = OverlayFonts::of_process());

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace onlooker::media
