#include "opencv/turn.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <variant>

#include "film_folder.hpp"
#include "opencv_subject.hpp"
#include "support/fake_capture_context.hpp"

using onlooker::camera::Captured;
using onlooker::drivers::apply;
using onlooker::drivers::DisplayMatrix;
using onlooker::drivers::film_turn;
using onlooker::drivers::Turn;
using onlooker::drivers::turn_of;
using onlooker::drivers::turn_of_opencv;
using onlooker::media::RawImage;
using onlooker::test::FakeCaptureContext;
using onlooker::test::FilmFolder;
using onlooker::test::needs_ffmpeg;
using onlooker::test::opencv;

namespace {

constexpr std::int32_t one = 1 << 16;

// A display matrix, and what it makes of the corners: upper left, upper right, lower left, lower
// right, of the picture that has red, lime, blue and white there. As ffmpeg 5.1 shows them.
struct Shown {
    const char* name;
    DisplayMatrix matrix;
    const char* corners;
    bool wider_than_high;
};

constexpr std::array all_eight = {
    Shown{"as it is", {one, 0, 0, one}, "RLBW", true},
    Shown{"a quarter clockwise", {0, one, -one, 0}, "BRWL", false},
    Shown{"half", {-one, 0, 0, -one}, "WBLR", true},
    Shown{"a quarter counter-clockwise", {0, -one, one, 0}, "LWRB", false},
    Shown{"left to right", {-one, 0, 0, one}, "LRWB", true},
    Shown{"top to bottom", {one, 0, 0, -one}, "BWRL", true},
    Shown{"rows and columns changed", {0, one, one, 0}, "RBLW", false},
    Shown{"changed at the other diagonal", {0, -one, -one, 0}, "WLBR", false},
};

std::string octets_of(std::int32_t number) {
    const auto bits = static_cast<std::uint32_t>(number);
    std::string octets;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        octets += static_cast<char>(bits >> shift & 255);
    return octets;
}

// Writes the matrix into the first box of that type, whose times have 32 bits.
void set_matrix(const std::string& film, const std::string& box, std::size_t offset,
                const DisplayMatrix& matrix) {
    std::fstream file(film, std::ios::in | std::ios::out | std::ios::binary);
    const std::string octets{std::istreambuf_iterator<char>(file), {}};
    const std::size_t at = octets.find(box);
    REQUIRE(at != std::string::npos);
    file.seekp(static_cast<std::streamoff>(at + 4 + offset));
    for (const std::int32_t entry : {matrix.xx, matrix.xy, 0, matrix.yx, matrix.yy})
        file << octets_of(entry);
}

void set_track_matrix(const std::string& film, const DisplayMatrix& matrix) {
    set_matrix(film, "tkhd", 40, matrix);
}

char colour_at(const RawImage& image, unsigned x, unsigned y) {
    const std::size_t at = y * image.planes[0].stride + std::size_t{3} * x;
    const auto bright = [&](std::size_t channel) {
        return std::to_integer<int>(image.planes[0].data[at + channel]) > 127;
    };
    const bool blue = bright(0), green = bright(1), red = bright(2);
    if (red && green && blue)
        return 'W';
    return red ? 'R' : green ? 'L' : blue ? 'B' : '?';
}

std::string corners_of(const Captured& captured) {
    const auto* image = std::get_if<RawImage>(&captured.picture);
    if (image == nullptr)
        return "undecoded";
    const unsigned left = image->width / 4, right = image->width - left;
    const unsigned top = image->height / 4, bottom = image->height - top;
    return {colour_at(*image, left, top), colour_at(*image, right, top),
            colour_at(*image, left, bottom), colour_at(*image, right, bottom)};
}

}  // namespace

TEST_SUITE("turned films") {
    TEST_CASE("are shown as their display matrix says, in all eight ways, whatever is in them" *
              needs_ffmpeg()) {
        const FilmFolder folder;
        const std::array films = {folder.quarters("decoded.mp4", "-c:v mpeg4 -q:v 2"),
                                  folder.quarters("packets.mov", "-c:v mjpeg -q:v 2")};
        for (const std::string& film : films) {
            for (const Shown& shown : all_eight) {
                CAPTURE(film);
                CAPTURE(shown.name);
                set_track_matrix(film, shown.matrix);
                FakeCaptureContext context;
                const auto driver = opencv(film, {{"fps", "100"}});
                auto frames = driver->frames(context);
                const Captured* captured = frames.next();
                REQUIRE(captured != nullptr);
                const bool passed_on = film.ends_with(".mov") && shown.name == all_eight[0].name;
                CHECK(corners_of(*captured) == (passed_on ? "undecoded" : shown.corners));
                if (const auto* image = std::get_if<RawImage>(&captured->picture))
                    CHECK((image->width > image->height) == shown.wider_than_high);
            }
        }
    }

    TEST_CASE("say so where their MJPEG was to be passed on" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.quarters("film.mov", "-c:v mjpeg");
        set_track_matrix(film, all_eight[1].matrix);
        FakeCaptureContext context;
        const auto driver = opencv(film, {{"mjpeg", "1"}});
        auto frames = driver->frames(context);
        REQUIRE(frames.next() != nullptr);
        REQUIRE(context.warnings().size() == 1);
        CHECK(context.warnings()[0].find("turned") != std::string::npos);
    }

    TEST_CASE("may be turned as a track and as a whole" * needs_ffmpeg()) {
        const FilmFolder folder;
        const std::string film = folder.quarters("film.mp4", "-c:v mpeg4");
        set_track_matrix(film, all_eight[1].matrix);
        set_matrix(film, "mvhd", 36, all_eight[1].matrix);
        CHECK(film_turn(film) == turn_of(all_eight[2].matrix));
    }

    TEST_CASE("of a kind that we do not read are turned by OpenCV's word") {
        CHECK(turn_of_opencv(0, 4, 10).is_none());
        CHECK(turn_of_opencv(90, 4, 5) == turn_of(all_eight[1].matrix));
        CHECK(turn_of_opencv(90, 4, 6) == turn_of(all_eight[3].matrix));
        CHECK(turn_of_opencv(270, 4, 6) == turn_of(all_eight[1].matrix));
        CHECK(turn_of_opencv(180, 4, 6) == turn_of(all_eight[2].matrix));
        CHECK(turn_of_opencv(-90, 4, 7) == turn_of(all_eight[3].matrix));
        CHECK(turn_of_opencv(450, 4, 7) == turn_of(all_eight[1].matrix));
    }

    TEST_CASE("that are broken, cut short or no MP4 have no word of their own") {
        const FilmFolder folder;
        const std::string path = folder.file("film");
        CHECK(!film_turn(path));
        for (const std::string& text :
             {std::string(), std::string("moov"), std::string(3, '\0') + "\x08moov",
              std::string("\0\0\0\0moov\0\0\0\x04trak", 16),
              std::string("\0\0\0\1moov\xff\xff\xff\xff\xff\xff\xff\xff", 16)}) {
            std::ofstream(path, std::ios::binary) << text;
            CHECK(!film_turn(path));
        }
    }

    TEST_CASE("by an odd angle are turned by the nearest right one") {
        CHECK(turn_of({one, one / 9, -one / 9, one}).is_none());
        CHECK(turn_of({one / 9, one, -one, one / 9}) == turn_of(all_eight[1].matrix));
        CHECK(turn_of({0, 0, 0, 0}).is_none());
    }
}
