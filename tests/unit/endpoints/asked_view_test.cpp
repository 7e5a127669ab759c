#include "endpoints/asked_view.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "http/message/request.hpp"
#include "media/recipe.hpp"

using namespace onlooker;
using endpoints::recipe_for;
using media::Recipe;
using media::Turn;

namespace {

http::Request request_for(std::string destination) {
    http::Request made;
    if (!destination.empty())
        made.headers.push_back({"Sec-Fetch-Dest", std::move(destination)});
    return made;
}

bool turns_by_exif(const Recipe& recipe, const std::string& destination, bool may = true) {
    return recipe_for(request_for(destination), recipe, {.turn_by_exif = may}).by_exif;
}

}  // namespace

TEST_SUITE("the view that is asked for") {
    TEST_CASE("an <img> that wants a turn or a mirror, and nothing else, turns by itself") {
        Recipe turned;
        turned.turn = Turn::right;
        Recipe mirrored;
        mirrored.mirror = true;
        CHECK(turns_by_exif(turned, "image"));
        CHECK(turns_by_exif(mirrored, "image"));
        CHECK(!turns_by_exif(turned, "image", false));
    }

    TEST_CASE("what else is wanted needs pixels, and so do programs") {
        Recipe turned;
        turned.turn = Turn::half;
        for (const char* destination : {"", "empty", "document", "video"})
            CHECK(!turns_by_exif(turned, destination));
        CHECK(!turns_by_exif(Recipe{}, "image"));
        turned.eighths = 4;
        CHECK(!turns_by_exif(turned, "image"));
    }
}
