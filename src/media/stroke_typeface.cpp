#include <algorithm>
#include <map>

#include "media/lettering.hpp"
#include "media/typeface.hpp"

namespace onlooker::media {

namespace {

// Above the capitals, where other typefaces have accents; and all from there to the lowest stroke,
// with the pen.
constexpr int steps_above = 2;
constexpr int steps_of_line = steps_above + cap_steps + descent_steps + 3;

class StrokeTypeface final : public Typeface {
  public:
    Letter letter(char32_t character, int line) override {
        // The steps are whole at the smallest size only; a heavier pen at larger ones makes up for
        // what the thin strokes of a large letter lose in contrast.
        Lettering& lettering =
            sizes_.try_emplace(line, std::max(2.0 * line / steps_of_line, 1.0), 1.1).first->second;
        const Lettering::Letter& drawn = lettering.letter(character);
        return {.shape = drawn.shape,
                .left = 0,
                .top = steps_above * line / steps_of_line,
                .advance = drawn.advance};
    }

    std::string composed(std::string_view text) const override { return std::string(text); }

  private:
    std::map<int, Lettering> sizes_;
};

}  // namespace

std::unique_ptr<Typeface> make_stroke_typeface() {
    return std::make_unique<StrokeTypeface>();
}

}  // namespace onlooker::media
