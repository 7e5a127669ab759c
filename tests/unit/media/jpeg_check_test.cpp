#include "media/jpeg_check.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

#include "media/jpeg_segments.hpp"

namespace onlooker::media {

namespace {

using namespace std::string_literals;

std::string segment(char marker, const std::string& body) {
    const std::size_t length = body.size() + 2;
    return "\xff"s + marker + static_cast<char>(length >> 8) + static_cast<char>(length & 255) +
           body;
}

const std::string start = "\xff\xd8"s;
const std::string end = "\xff\xd9"s;
const std::string quantisation = segment('\xdb', std::string(1, '\0') + std::string(64, '\1'));
const std::string frame_8x8 = segment('\xc0', "\x08\0\x08\0\x08\x01\x01\x11\0"s);
const std::string scan = segment('\xda', "\x01\x01\0\0\x3f\0"s) + "\x12\xff\0\xff\xd0\x34"s;
const std::string standard_tables(reinterpret_cast<const char*>(standard_huffman_segment().data()),
                                  standard_huffman_segment().size());

// A grey picture of one block, with `extra` segments behind its start.
std::string picture(const std::string& extra = {}) {
    return start + extra + quantisation + standard_tables + frame_8x8 + scan + end;
}

CheckedJpeg check(const std::string& text) {
    return check_jpeg(std::as_bytes(std::span(text)));
}

std::string cleaned(const CheckedJpeg& checked) {
    std::string text;
    for (const auto piece : checked.pieces())
        text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return text;
}

}  // namespace

TEST_SUITE("jpeg_check") {
    TEST_CASE("a good picture passes untouched, in one piece") {
        const std::string good = picture();
        const auto checked = check(good);
        REQUIRE(checked);
        CHECK(checked.width == 8);
        CHECK(checked.height == 8);
        CHECK(checked.chroma == ChromaLayout::grey);
        CHECK(checked.pieces().size() == 1);
        CHECK(cleaned(checked) == good);
    }

    TEST_CASE("no beginning of a picture passes for a whole one") {
        const std::string good = picture();
        for (std::size_t size = 0; size < good.size(); ++size)
            CHECK_FALSE(check(good.substr(0, size)));
    }

    TEST_CASE("what follows the end mark is cut") {
        const std::string dirty = picture() + "\0\0\xff\xd8junk\xff\xd9"s;
        CHECK(cleaned(check(dirty)) == picture());
    }

    TEST_CASE("a delimiter in a comment stays where it is") {
        const std::string commented = picture(segment('\xfe', "\r\n--boundarydonotcross\r\n"));
        CHECK(cleaned(check(commented)) == commented);
    }

    TEST_CASE("a thumbnail, a preview and a comment with an end mark go") {
        const std::string dirty =
            picture(segment('\xe1', "Exif\0\0"s + picture()) + segment('\xe2', "MPF\0some"s) +
                    segment('\xfe', "an \xff\xd9 end"));
        CHECK(cleaned(check(dirty)) == picture());
    }

    TEST_CASE("missing Huffman tables are put in") {
        const std::string bare = start + quantisation + frame_8x8 + scan + end;
        CHECK(cleaned(check(bare)) ==
              start + quantisation + frame_8x8 + standard_tables + scan + end);
    }

    TEST_CASE("broken pictures are refused with a reason") {
        const std::string bomb = segment('\xc0', "\x08\xff\xdc\xff\xdc\x01\x01\x11\0"s);
        const std::string before = start + quantisation + standard_tables;
        CHECK(check("").error == JpegError::no_start);
        CHECK(check("GIF89a").error == JpegError::no_start);
        CHECK(check(before + bomb + scan + end).error == JpegError::bad_dimensions);
        CHECK(check(before + scan + end).error == JpegError::no_frame_header);
        CHECK(check(before + frame_8x8 + scan + scan + end).error == JpegError::too_many_scans);
        CHECK(check(before + frame_8x8 + frame_8x8 + scan + end).error ==
              JpegError::no_frame_header);
        CHECK(check(before + frame_8x8 + scan + picture()).error == JpegError::truncated);
        CHECK(check(start + frame_8x8 + scan + end).error == JpegError::missing_table);
        CHECK(check(start + "\xff\xdb\0\1"s + end).error == JpegError::broken_segment);
    }
}

}  // namespace onlooker::media
