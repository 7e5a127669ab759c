// With the module, as the program opens it, and the system's DejaVu Sans.
#include <unistd.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "media/overlay_layout.hpp"
#include "media/overlay_painter.hpp"
#include "overlay_scene.hpp"

using namespace onlooker::media;
namespace fs = std::filesystem;

namespace {

const fs::path font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

OverlayFonts::Settings with(const fs::path& file) {
    return {.module_folders = {OVERLAY_MODULE_FOLDER}, .font = file};
}

bool has_font() {
    if (!fs::exists(font))
        MESSAGE("skipped: no " << font.string() << "; install fonts-dejavu-core");
    return fs::exists(font);
}

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

// A file that goes with its owner.
struct File {
    fs::path path = fs::temp_directory_path() / ("onlooker-overlay-" + std::to_string(::getpid()));
    explicit File(std::string_view content) { std::ofstream(path) << content; }
    ~File() { fs::remove(path); }
};

Coverage written(OverlayLayout& layout, std::string_view text, int line = 32) {
    return layout.set(text, {.line = line, .width = 2000, .most_lines = 1});
}

std::string time_in(OverlayFonts& fonts, const std::string& zone, std::int64_t second) {
    const std::tm time = fonts.local_time(zone, second);
    char text[64];
    const std::size_t size = std::strftime(text, sizeof text, "%a %F %T %z %Z %j", &time);
    return {text, size};
}

}  // namespace

TEST_SUITE("the overlay module") {
    TEST_CASE("letters of European names have shapes of their own") {
        if (!has_font())
            return;
        OverlayFonts fonts(with(font));
        OverlayLayout layout(fonts.open());
        const Coverage box = written(layout, "\xf4\x80\x80\x80");  // nobody's: private use
        for (const std::string_view letter :
             {"A", "z", "\xc3\xa9", "\xc3\x9f", "\xc3\xb8", "\xc4\x8d", "\xc5\x82", "\xc4\x9f",
              "\xc8\x9b", "\xce\xa9", "\xce\xac", "\xd0\x96", "\xd1\x97", "\xd1\x9b"}) {
            CAPTURE(letter);
            const Coverage shape = written(layout, letter);
            CHECK(shape.width > 5);
            CHECK(shape.values != box.values);
        }
        CHECK(written(layout, "e").values != written(layout, "\xc3\xa9").values);
    }

    TEST_CASE("marks that stand alone are joined to their letters") {
        if (!has_font())
            return;
        OverlayFonts fonts(with(font));
        OverlayLayout layout(fonts.open());
        // e and U+0301, n and U+0303, u and U+0308.
        CHECK(written(layout, "e\xcc\x81").values == written(layout, "\xc3\xa9").values);
        CHECK(written(layout, "n\xcc\x83u\xcc\x88").values ==
              written(layout, "\xc3\xb1\xc3\xbc").values);
        // x and U+0308 have no common form: the mark takes no room.
        CHECK(written(layout, "x\xcc\x88").width <= written(layout, "x").width + 2);
    }

    TEST_CASE("letters are as high as the line asks, and digits are equally wide") {
        if (!has_font())
            return;
        OverlayFonts fonts(with(font));
        OverlayLayout layout(fonts.open());
        for (const int line : {12, 24, 48, 200}) {
            const auto face = fonts.open();
            const Typeface::Letter capital = face->letter(U'H', line);
            CAPTURE(line);
            CHECK(capital.shape.height > line * 55 / 100);
            CHECK(capital.shape.height < line * 75 / 100);
            CHECK(capital.top >= 0);
            CHECK(capital.top + capital.shape.height <= line);
            const Typeface::Letter deep = face->letter(U'g', line);
            CHECK(deep.top + deep.shape.height <= line + 1);
            for (const char32_t digit : std::u32string_view(U"0123456789"))
                CHECK(face->letter(digit, line).advance == face->letter(U'0', line).advance);
        }
    }

    TEST_CASE("the painter writes with it on every kind of picture") {
        OverlayFonts fonts(with({}));
        OverlayPainter painter(fonts);
        Overlay overlay;
        overlay.text = "Kr\xc3\xa1lovsk\xc3\xa1 {frame}";
        overlay.size = 8;
        for (const ChromaGrid grid : {ChromaGrid::grey, ChromaGrid::s420, ChromaGrid::s422,
                                      ChromaGrid::s440, ChromaGrid::s444}) {
            for (const unsigned height : {16u, 37u, 241u}) {
                const Planes before = noise_planes(height * 4 / 3, height, grid);
                Planes after = before;
                painter.paint(after, overlay, {.title = "", .number = 9, .wall = {}});
                if (height > 200)
                    CHECK(changed(before, after).count > 200);
            }
        }
    }

    TEST_CASE("a file that is no font is an error in words, and the system's font is used") {
        if (!has_font())
            return;
        const File broken("this is no font");
        OverlayFonts fonts(with(broken.path));
        CHECK(contains(fonts.check_font(), "no font that FreeType can read"));
        OverlayLayout layout(fonts.open());
        OverlayFonts good(with(font));
        CHECK(good.check_font() == "");
        OverlayLayout same(good.open());
        CHECK(written(layout, "Ag").values == written(same, "Ag").values);

        OverlayFonts missing(with("/nowhere/font.ttf"));
        CHECK(contains(missing.check_font(), "No such file"));
        // The beginning of a real one.
        std::string head(3000, '\0');
        std::ifstream(font, std::ios::binary).read(head.data(), 3000);
        const File torn(head);
        OverlayFonts cut(with(torn.path));
        CHECK(cut.check_font() != "");
        CHECK(OverlayFonts(with({})).check_font() == "");
    }

    TEST_CASE("clocks show the time of their zone, with its summer time") {
        OverlayFonts fonts(with({}));
        if (fonts.check_zone("Europe/Paris") != "") {
            MESSAGE("skipped: " << fonts.check_zone("Europe/Paris"));
            return;
        }
        CHECK(time_in(fonts, "UTC", 1709283907) == "Fri 2024-03-01 09:05:07 +0000 GMT 061");
        CHECK(time_in(fonts, "Europe/Paris", 1709283907) ==
              "Fri 2024-03-01 10:05:07 +0100 CET 061");
        CHECK(time_in(fonts, "Europe/Paris", 1711846799) ==
              "Sun 2024-03-31 01:59:59 +0100 CET 091");
        CHECK(time_in(fonts, "Europe/Paris", 1711846800) ==
              "Sun 2024-03-31 03:00:00 +0200 CEST 091");
        CHECK(time_in(fonts, "America/New_York", 1704085200) ==
              "Mon 2024-01-01 00:00:00 -0500 EST 001");
        // Beyond the years that the tables list one by one.
        CHECK(time_in(fonts, "Europe/Paris", 2540000000) ==
              "Tue 2050-06-28 05:33:20 +0200 CEST 179");
        CHECK(contains(fonts.check_zone("Berlin"), "did you mean Europe/Berlin?"));
    }

    TEST_CASE("without the module other zones are refused, with the packages that bring them") {
        OverlayFonts fonts({.module_folders = {"/nowhere"}, .font = font});
        CHECK(fonts.check_zone("UTC") == "");
        const std::string zone = fonts.check_zone("Europe/Paris");
        CHECK((contains(zone, "libcctz-dev") || contains(zone, "tzdata")));
        CHECK(contains(fonts.check_font(), "/nowhere/onlooker_overlay.so"));
        CHECK(fonts.open() != nullptr);
    }
}
