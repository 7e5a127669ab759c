#include "media/jpeg_pieces.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace onlooker::media {

namespace {

std::span<const std::byte> octets(std::string_view text) {
    return std::as_bytes(std::span(text));
}

std::string shown(const JpegPieces& pieces) {
    std::string text;
    for (const auto piece : pieces.all())
        text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    return text;
}

constexpr std::string_view picture = "0123456789";

}  // namespace

TEST_SUITE("pieces of a jpeg") {
    TEST_CASE("a picture of which nothing changes is one piece, up to its end") {
        JpegPieces pieces(octets(picture));
        CHECK(pieces.keep_until(8) == JpegError::none);
        CHECK(pieces.all().size() == 1);
        CHECK(pieces.all().front().data() == octets(picture).data());
        CHECK(shown(pieces) == "01234567");
    }

    TEST_CASE("segments are put in, left out and replaced in their places") {
        JpegPieces pieces(octets(picture));
        CHECK(pieces.insert(0, octets("a")) == JpegError::none);
        CHECK(pieces.replace(2, 4, {}) == JpegError::none);
        CHECK(pieces.replace(4, 5, octets("bcd")) == JpegError::none);
        CHECK(pieces.insert(9, octets("e")) == JpegError::none);
        CHECK(pieces.keep_until(10) == JpegError::none);
        CHECK(shown(pieces) == "a01bcd5678e9");
    }

    TEST_CASE("what leaves nothing makes no piece") {
        JpegPieces pieces(octets(picture));
        CHECK(pieces.replace(0, 10, {}) == JpegError::none);
        CHECK(pieces.keep_until(10) == JpegError::none);
        CHECK(pieces.all().empty());
    }

    TEST_CASE("one piece more than there is room for is an error") {
        JpegPieces pieces(octets(picture));
        for (std::size_t i = 0; i < JpegPieces::most; ++i)
            REQUIRE(pieces.insert(0, octets("x")) == JpegError::none);
        CHECK(pieces.insert(0, octets("x")) == JpegError::too_many_pieces);
        CHECK(pieces.all().size() == JpegPieces::most);
    }
}

}  // namespace onlooker::media
