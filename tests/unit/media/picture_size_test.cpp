#include "media/picture_size.hpp"

#include <doctest/doctest.h>

using namespace onlooker::media;

TEST_SUITE("picture size") {
    TEST_CASE("a size is two sides with an x between them") {
        CHECK(parse_size("1280x720") == PictureSize{1280, 720});
        CHECK(parse_size("1X16384") == PictureSize{1, 16384});
        CHECK(to_text({1280, 720}) == "1280x720");
    }

    TEST_CASE("anything else is none") {
        for (const auto text : {"", "x", "1280", "1280x", "x720", "0x720", "1280x0", "1280x720x1",
                                "1280 x 720", "-1x720", "+1x1", "16385x1", "1x99999999999"})
            CHECK_FALSE(parse_size(text));
    }
}
