// Sets text in lines: as many as fit, broken between words, cut with "..." where they do not fit.
//
// Owner and thread: one OverlayPainter. It keeps the letters that it has drawn, about a megabyte at
// most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "media/canvas.hpp"
#include "media/typeface.hpp"

namespace onlooker::media {

class OverlayLayout {
  public:
    // All in pixels.
    struct Room {
        int line = 0;  // height of a line
        int width = 0;
        std::size_t most_lines = 1;
    };

    explicit OverlayLayout(std::unique_ptr<Typeface> typeface) : typeface_(std::move(typeface)) {}

    // The text as one shape, as wide as its longest line; empty where nothing of it fits. `text` is
    // UTF-8 and may have line ends in it.
    Coverage set(std::string_view text, const Room& room);

    // The lines that set() draws.
    std::vector<std::u32string> lines_of(std::string_view text, const Room& room);

  private:
    const Typeface::Letter& letter(char32_t character, int line);
    double width_of(std::u32string_view text, int line);
    std::size_t longest_fit(std::u32string_view text, const Room& room);
    std::u32string cut(std::u32string_view text, const Room& room);
    bool add_lines(std::vector<std::u32string>& lines, std::u32string_view text, const Room& room);
    void draw(Coverage& onto, int y, std::u32string_view text, int line);

    std::unique_ptr<Typeface> typeface_;
    std::unordered_map<std::uint64_t, Typeface::Letter> letters_;  // by size and character
    std::size_t kept_octets_ = 0;
};

}  // namespace onlooker::media
