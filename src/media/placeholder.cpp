#include "media/placeholder.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "media/lettering.hpp"

namespace onlooker::media {

namespace {

constexpr Colour slate = rgb(27, 34, 44);
constexpr Colour line_colour = rgb(58, 69, 84);
constexpr Colour bright = rgb(240, 244, 248);
constexpr Colour plain = rgb(190, 200, 212);
constexpr Colour faint = rgb(139, 151, 167);
constexpr Colour amber = rgb(245, 181, 73);
constexpr Colour blue = rgb(112, 176, 245);

// Small text grows more slowly than the picture: a card of 160 x 120 needs every pixel, one of
// 3840 x 2160 has room to spare. Below three pixels only halves look sharp.
double text_size(const Canvas& canvas) {
    const double scale = std::min(canvas.width() / 160.0, canvas.height() / 120.0);
    const double size = scale <= 1 ? 1 : 1 + 0.5 * (scale - 1);
    return size < 3 ? std::floor(size * 2) / 2 : size;
}

// One card on one canvas. The foot stands at the bottom; title, name and sentence are centred in
// the space above it, and give way to each other when that is small.
class CardPainter {
  public:
    CardPainter(Canvas& canvas, const Placeholder& card)
        : canvas_(canvas),
          card_(card),
          size_(text_size(canvas)),
          // Even, so that the bar has its own chroma.
          margin_(std::max(2, std::min(canvas.width(), canvas.height()) / 28 * 2)),
          left_(margin_ + bar_width() + margin_ * 2 / 3),
          width_(canvas.width() - left_ - margin_),
          small_(size_) {}

    void paint() {
        canvas_.fill(canvas_.area(), slate);
        const int foot_top = paint_foot();
        paint_words(margin_, foot_top - margin_ / 2);
    }

  private:
    int bar_width() const { return std::max(2, static_cast<int>(std::lround(1.5 * size_))); }
    Colour accent() const { return card_.mood == Placeholder::Mood::waiting ? blue : amber; }

    // The time at the left, behind the date where there is room for it; the next try at the right.
    // Returns where the foot begins.
    int paint_foot() {
        const int y =
            canvas_.height() - std::max(margin_, small_.descent() + 1) - small_.cap_height();
        const int whole = canvas_.width() - 2 * margin_;
        const int rule = y - margin_ * 2 / 3;
        const std::string dated = card_.date + "  " + card_.time;
        const int gap = small_.line_height();
        const int next = card_.next.empty() ? 0 : small_.width_of(card_.next) + gap;
        if (rule < margin_ + small_.line_height() || small_.width_of(card_.time) > whole)
            return canvas_.height() - margin_ + margin_ / 2;
        canvas_.fill({margin_, rule, whole, std::max(1, bar_width() / 3)}, line_colour);
        const bool has_date = !card_.date.empty() && small_.width_of(dated) + next <= whole;
        const std::string& now = has_date ? dated : card_.time;
        small_.draw(canvas_, margin_, y, now, faint);
        if (!card_.next.empty() && small_.width_of(now) + next <= whole)
            small_.draw(canvas_, margin_ + whole - next + gap, y, card_.next, faint);
        return rule;
    }

    // A name that is too long or too high is written smaller, down to the size of the rest, before
    // it is cut.
    Lettering name_lettering(int room) const {
        for (double size = 2 * size_; size > size_; size -= 0.5) {
            Lettering lettering(size, 0.95);
            if (lettering.width_of(card_.camera) <= width_ &&
                lettering.cap_height() + lettering.descent() <= room)
                return lettering;
        }
        return Lettering(size_);
    }

    void paint_words(int top, int bottom) {
        const int room = bottom - top;
        Lettering name = name_lettering(room);
        const int title_height = small_.cap_height() + small_.line_height() / 2;
        const int name_height = name.cap_height() + name.descent();
        const int gap = small_.line_height() * 3 / 5;
        const bool has_title = name_height + title_height <= room;
        const int head = name_height + (has_title ? title_height : 0);
        const int rest = room - head - gap + (small_.line_height() - small_.cap_height());
        const auto fitting = static_cast<std::size_t>(std::max(0, rest / small_.line_height()));
        const std::vector<std::string> lines = small_.wrapped(card_.sentence, width_, fitting);
        const int body = lines.empty()
                             ? 0
                             : gap + static_cast<int>(lines.size() - 1) * small_.line_height() +
                                   small_.cap_height() + small_.descent();
        // A little above the middle, where the eye looks for it.
        int y = top + std::max(0, room - head - body) * 2 / 5;
        canvas_.fill({margin_, y, bar_width(), std::min(head + body, bottom - y)}, accent());
        if (has_title) {
            small_.draw(canvas_, left_, y, small_.shortened(card_.title, width_), accent());
            y += title_height;
        }
        name.draw(canvas_, left_, y, name.shortened(card_.camera, width_), bright);
        y += name_height + gap;
        for (const std::string& line : lines) {
            small_.draw(canvas_, left_, y, line, plain);
            y += small_.line_height();
        }
    }

    Canvas& canvas_;
    const Placeholder& card_;
    double size_;
    int margin_;
    int left_;   // of the words
    int width_;  // of the words
    Lettering small_;
};

}  // namespace

void draw(Canvas& canvas, const Placeholder& card) {
    CardPainter(canvas, card).paint();
}

}  // namespace onlooker::media
