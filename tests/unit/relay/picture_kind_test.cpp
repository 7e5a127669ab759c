#include "relay/picture_kind.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace std::string_view_literals;
using onlooker::drivers::kind_in_words;
using onlooker::drivers::picture_kind;

TEST_SUITE("picture kind") {
    TEST_CASE("what cameras send instead of JPEG is known by its first octets") {
        CHECK(picture_kind("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv) == "PNG");
        CHECK(picture_kind("GIF89a"sv) == "GIF");
        CHECK(picture_kind("RIFF\x24\0\0\0WEBPVP8 "sv) == "WebP");
        CHECK(picture_kind("\0\0\0\x1c"
                           "ftypavif\0\0\0\0"sv) == "AVIF");
        CHECK(picture_kind("\0\0\0\x18"
                           "ftypheic\0\0\0\0"sv) == "HEIC");
        CHECK(picture_kind("\0\0\0\x18"
                           "ftypisom\0\0\0\0"sv) == "MP4");
        CHECK(picture_kind("\0\0\0\x01\x67\x42\0\x1e"sv) == "H.264");
        CHECK(picture_kind("\0\0\x01\x09\xf0\0\0"sv) == "H.264");
        CHECK(picture_kind("\0\0\0\x01\x40\x01\x0c\x01"sv) == "H.265");
    }

    TEST_CASE("a JPEG, a text and too few octets are none of them") {
        for (const auto some :
             {"\xff\xd8\xff\xe0"sv, "Device Busy"sv, "\0\0\0"sv, "\0\0\x01"sv, "RIFF"sv, ""sv})
            CHECK(picture_kind(some) == "");
    }

    TEST_CASE("the words name what came and what it was called") {
        CHECK(kind_in_words("GIF89a", "image/jpeg") == "GIF (\"image/jpeg\")");
        CHECK(kind_in_words("GIF89a", "") == "GIF");
        CHECK(kind_in_words("<html>", "text/html") == "\"text/html\"");
        CHECK(kind_in_words("<html>", "") == "something without a Content-Type");
    }
}
