#include <algorithm>
#include <map>

#include "media/lettering.hpp"
#include "media/typeface.hpp"

namespace onlooker::media {

namespace {

// From the top of the capitals to the lowest stroke, with the pen.
constexpr int steps_of_line = cap_steps + descent_steps + 2;

class StrokeTypeface final : public Typeface {
  public:
    Letter letter(char32_t character, int line) override {
        // The steps are whole at the smallest size only; a heavier pen at larger ones makes up for
        // what the thin strokes of a large letter lose in contrast.
        Lettering& lettering =
            sizes_.try_emplace(line, std::max(2.0 * line / steps_of_line, 1.0), 1.1).first->second;
        const Lettering::Letter& drawn = lettering.letter(character);
        return {.shape = drawn.shape, .left = 0, .top = 0, .advance = drawn.advance};
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
