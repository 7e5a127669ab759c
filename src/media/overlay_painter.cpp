#include "media/overlay_painter.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "media/overlay_layout.hpp"
#include "media/overlay_stamp.hpp"
#include "media/overlay_text.hpp"

namespace onlooker::media {

namespace {

// Letters of a lower line cannot be read, those of a higher one would take the memory of a picture.
constexpr int lowest_line = 12;
constexpr int highest_line = 256;
constexpr std::size_t most_lines = 8;

constexpr std::size_t most_stamps = 8;
constexpr std::size_t most_stamp_octets = std::size_t{4} * 1024 * 1024;

// Pixels.
struct Measures {
    int line = 0;
    int padding = 0;  // of the box
    int corner = 0;
    int margin = 0;  // from the box to the edges of the picture
};

Measures measures_of(const Planes& picture, const Overlay& overlay) {
    Measures measures;
    measures.line = std::clamp(static_cast<int>(std::lround(picture.height * overlay.size / 100.0)),
                               lowest_line, highest_line);
    measures.padding = (measures.line + 2) / 3;
    measures.corner = measures.line / 5;
    measures.margin = static_cast<int>(std::min(picture.width, picture.height) / 50);
    return measures;
}

OverlayStamp stamp_of(OverlayLayout& layout, const std::string& text, const Overlay& overlay,
                      const Planes& picture) {
    const Measures measures = measures_of(picture, overlay);
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    if (measures.line > height)
        return {};
    // No more than half of the picture is written upon.
    const std::size_t lines = std::clamp<std::size_t>(
        picture.height / 2 / static_cast<unsigned>(measures.line), 1, most_lines);
    const Coverage words =
        layout.set(text, {.line = measures.line,
                          .width = width - 2 * (measures.margin + measures.padding),
                          .most_lines = lines});
    if (words.width == 0)
        return {};
    using Corner = Overlay::Corner;
    const Corner corner = overlay.corner;
    const bool is_right = corner == Corner::top_right || corner == Corner::bottom_right;
    const bool is_low = corner == Corner::bottom_left || corner == Corner::bottom_right;
    const int x =
        is_right ? width - measures.margin - words.width - 2 * measures.padding : measures.margin;
    const int y = is_low ? height - measures.margin - words.height : measures.margin;
    return {words,
            {.colour = overlay.colour, .padding = measures.padding, .corner = measures.corner},
            x,
            y,
            picture};
}

}  // namespace

struct OverlayPainter::Parts {
    // The words of the frame before, of one overlay on pictures of one size.
    struct Kept {
        Overlay overlay;
        unsigned width = 0;
        unsigned height = 0;
        ChromaGrid grid = ChromaGrid::grey;

        bool shows_number = false;
        std::string title;
        std::uint64_t number = 0;
        std::optional<std::int64_t> second;  // of the Unix epoch; nothing: not painted yet

        std::string text;
        OverlayStamp stamp;
    };

    OverlayFonts& fonts;
    std::optional<OverlayLayout> layout{};
    std::vector<Kept> kept{};  // the one that was used last is at the end

    Kept& kept_for(const Planes& picture, const Overlay& overlay);
    void refresh(Kept& one, const Planes& picture, const Subject& subject);
    void drop_oldest();
};

OverlayPainter::Parts::Kept& OverlayPainter::Parts::kept_for(const Planes& picture,
                                                             const Overlay& overlay) {
    const auto found = std::ranges::find_if(kept, [&](const Kept& one) {
        return one.width == picture.width && one.height == picture.height &&
               one.grid == picture.grid && one.overlay == overlay;
    });
    if (found != kept.end()) {
        std::rotate(found, found + 1, kept.end());
        return kept.back();
    }
    Kept made;
    made.overlay = overlay;
    made.width = picture.width;
    made.height = picture.height;
    made.grid = picture.grid;
    made.shows_number = overlay.text.find("{frame}") != std::string::npos;
    kept.push_back(std::move(made));
    return kept.back();
}

void OverlayPainter::Parts::refresh(Kept& one, const Planes& picture, const Subject& subject) {
    const std::int64_t second =
        std::chrono::floor<std::chrono::seconds>(subject.wall.time_since_epoch()).count();
    if (one.second == second && one.title == subject.title &&
        (!one.shows_number || one.number == subject.number))
        return;
    const bool is_first = !one.second;
    one.title = subject.title;
    one.number = subject.number;
    one.second = second;
    std::string text =
        expand_overlay_text(one.overlay.text, {.name = subject.title,
                                               .number = subject.number,
                                               .time = fonts.local_time(one.overlay.zone, second)});
    if (text == one.text && !is_first)
        return;
    if (!layout)
        layout.emplace(fonts.open());
    one.text = std::move(text);
    one.stamp = stamp_of(*layout, one.text, one.overlay, picture);
}

void OverlayPainter::Parts::drop_oldest() {
    std::size_t octets = 0;
    for (const Kept& one : kept)
        octets += one.stamp.octets();
    while (kept.size() > 1 && (kept.size() > most_stamps || octets > most_stamp_octets)) {
        octets -= kept.front().stamp.octets();
        kept.erase(kept.begin());
    }
}

OverlayPainter::OverlayPainter(OverlayFonts& fonts) : parts_(new Parts{.fonts = fonts}) {}

OverlayPainter::~OverlayPainter() = default;

void OverlayPainter::paint(Planes& picture, const Overlay& overlay, const Subject& subject) {
    if (!overlay)
        return;
    Parts::Kept& kept = parts_->kept_for(picture, overlay);
    parts_->refresh(kept, picture, subject);
    kept.stamp.apply(picture);
    parts_->drop_oldest();
}

std::string OverlayPainter::check(const Overlay& overlay, OverlayFonts& fonts) {
    if (std::string wrong = check_overlay_text(overlay.text); !wrong.empty())
        return wrong;
    return fonts.check_zone(overlay.zone);
}

}  // namespace onlooker::media
