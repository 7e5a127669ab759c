#include "media/jpeg_frame_header.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

#include "media/jpeg_markers.hpp"

using namespace onlooker::media;
using namespace std::string_literals;

namespace {

// 16 x 8 pixels of 8 bits.
const std::string size_16x8 = "\x08\0\x08\0\x10"s;
const std::string luminance = "\1\x22\0"s;
const std::string chrominance = "\2\x11\1\3\x11\1"s;
const std::string colour = size_16x8 + '\3' + luminance + chrominance;

JpegError read(const std::string& body, JpegFrameHeader& header, unsigned marker = jpeg::sof0) {
    return read_frame_header(marker, std::as_bytes(std::span(body)), header);
}

JpegError read(const std::string& body, unsigned marker = jpeg::sof0) {
    JpegFrameHeader header;
    return read(body, header, marker);
}

}  // namespace

TEST_SUITE("JPEG frame header") {
    TEST_CASE("the size, the components and the sampling of colour are read") {
        JpegFrameHeader header;
        REQUIRE(read(colour, header) == JpegError::none);
        CHECK(header.width == 16);
        CHECK(header.height == 8);
        CHECK(!header.progressive);
        CHECK(header.chroma() == ChromaLayout::yuv420);
        CHECK(header.component_count == 3);
        CHECK(header.components[2].id == 3);
        CHECK(header.components[1].quantisation == 1);
    }

    TEST_CASE("a progressive picture is told, and what browsers do not show is refused") {
        JpegFrameHeader header;
        REQUIRE(read(colour, header, jpeg::sof2) == JpegError::none);
        CHECK(header.progressive);
        CHECK(read(colour, jpeg::sof2 + 1) == JpegError::unsupported);
        CHECK(read("\x0c"s + colour.substr(1)) == JpegError::unsupported);
        CHECK(read(size_16x8 + '\2' + luminance + luminance) == JpegError::unsupported);
    }

    TEST_CASE("no header cut short or too long is read") {
        for (std::size_t size = 0; size < colour.size(); ++size)
            CHECK(read(colour.substr(0, size)) != JpegError::none);
        CHECK(read(colour + '\0') == JpegError::broken_segment);
    }

    TEST_CASE("a picture without width or height is none") {
        CHECK(read("\x08\0\x08\0\0\1"s + luminance) == JpegError::bad_dimensions);
        CHECK(read("\x08\0\0\0\x08\1"s + luminance) == JpegError::bad_dimensions);
    }

    TEST_CASE("the numbers of components are within range, and their names may be the same") {
        CHECK(read(size_16x8 + '\3' + luminance + luminance + luminance) == JpegError::none);
        for (const auto& component : {"\1\x02\0"s, "\1\x20\0"s, "\1\x51\0"s, "\1\x11\4"s})
            CHECK(read(size_16x8 + '\1' + component) == JpegError::broken_segment);
    }
}
