#include "overlay_module/font_file.hpp"

#include <ft2build.h>
#include <utf8proc.h>

#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace onlooker::overlay_module {

namespace {

using media::Coverage;
using media::Typeface;

struct EndLibrary {
    void operator()(FT_Library library) const noexcept { FT_Done_FreeType(library); }
};
struct EndFace {
    void operator()(FT_Face face) const noexcept { FT_Done_Face(face); }
};
using Library = std::unique_ptr<FT_LibraryRec_, EndLibrary>;
using Face = std::unique_ptr<FT_FaceRec_, EndFace>;

Library open_library() {
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0)
        throw std::runtime_error("FreeType does not start");
    return Library(library);
}

Face open_face(FT_Library library, const std::string& file) {
    if (::access(file.c_str(), R_OK) != 0)
        throw std::runtime_error(std::strerror(errno));
    FT_Face face = nullptr;
    if (FT_New_Face(library, file.c_str(), 0, &face) != 0)
        throw std::runtime_error("it is no font that FreeType can read");
    Face opened(face);
    if (!FT_IS_SCALABLE(face))
        throw std::runtime_error("its letters have one size only; a font with outlines is needed");
    if (FT_Select_Charmap(face, FT_ENCODING_UNICODE) != 0 || FT_Get_Char_Index(face, 'A') == 0)
        throw std::runtime_error("it has no letters of the Latin alphabet");
    return opened;
}

class FontFile final : public Typeface {
  public:
    explicit FontFile(const std::string& file)
        : library_(open_library()), face_(open_face(library_.get(), file)) {}

    Letter letter(char32_t character, int line) override {
        set_line(line);
        const FT_GlyphSlot glyph = face_->glyph;
        const FT_UInt index = FT_Get_Char_Index(face_.get(), character);
        // Light hinting aligns the letters with the rows of pixels and leaves their widths alone.
        if (FT_Load_Glyph(face_.get(), index, FT_LOAD_TARGET_LIGHT | FT_LOAD_NO_BITMAP) != 0)
            return {};
        Letter made;
        made.advance = static_cast<double>(glyph->linearHoriAdvance) / 65536;
        if (glyph->format != FT_GLYPH_FORMAT_OUTLINE || !has_sane_size(line) ||
            FT_Render_Glyph(glyph, FT_RENDER_MODE_NORMAL) != 0)
            return made;
        made.shape = shape_of(glyph->bitmap);
        made.left = glyph->bitmap_left;
        made.top = ascent_ - glyph->bitmap_top;
        return made;
    }

    std::string composed(std::string_view text) const override {
        utf8proc_uint8_t* octets = nullptr;
        const utf8proc_ssize_t size = utf8proc_map(
            reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
            static_cast<utf8proc_ssize_t>(text.size()), &octets,
            static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE));
        const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(octets, &std::free);
        if (size < 0)
            return std::string(text);
        return {reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size)};
    }

  private:
    // So large that ascenders and descenders fill the line, as far as the font tells their size.
    void set_line(int line) {
        if (line == line_)
            return;
        const double units = std::max<double>(face_->units_per_EM, 1);
        const double up = std::clamp(face_->ascender / units, 0.5, 2.0);
        const double down = std::clamp(-face_->descender / units, 0.0, 1.0);
        const double em = line / (up + down);
        FT_Set_Pixel_Sizes(face_.get(), 0, static_cast<FT_UInt>(std::max(1L, std::lround(em))));
        ascent_ = static_cast<int>(std::lround(up * em));
        line_ = line;
    }

    // A broken font may have letters of any size; none that is much larger than its line is drawn.
    bool has_sane_size(int line) const {
        FT_BBox box;
        FT_Outline_Get_CBox(&face_->glyph->outline, &box);
        const FT_Pos most = FT_Pos{64} * 4 * line;
        return box.xMax - box.xMin <= most && box.yMax - box.yMin <= most;
    }

    static Coverage shape_of(const FT_Bitmap& bitmap) {
        Coverage shape;
        shape.width = static_cast<int>(bitmap.width);
        shape.height = static_cast<int>(bitmap.rows);
        shape.values.resize(std::size_t{bitmap.width} * bitmap.rows);
        for (std::size_t y = 0; y < bitmap.rows; ++y)
            std::copy_n(bitmap.buffer + static_cast<std::ptrdiff_t>(y) * bitmap.pitch, bitmap.width,
                        shape.values.begin() + static_cast<std::ptrdiff_t>(y * bitmap.width));
        return shape;
    }

    Library library_;
    Face face_;  // goes before its library
    int line_ = 0;
    int ascent_ = 0;
};

}  // namespace

std::unique_ptr<media::Typeface> open_font(const std::string& file) {
    return std::make_unique<FontFile>(file);
}

}  // namespace onlooker::overlay_module
