#include "wall/wall_query.hpp"

#include <doctest/doctest.h>

#include <string>
#include <variant>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"

using namespace onlooker;
using wall::AskedTile;

namespace {

using Asked = std::variant<std::vector<AskedTile>, http::Response>;

Asked ask(std::string_view query) {
    return wall::wall_query(http::Query::parse(query), {"yard", "bed", "roof"});
}

std::vector<AskedTile> tiles(std::string_view query) {
    const Asked asked = ask(query);
    REQUIRE(std::holds_alternative<std::vector<AskedTile>>(asked));
    return std::get<std::vector<AskedTile>>(asked);
}

int refusal(std::string_view query) {
    const Asked asked = ask(query);
    const auto* response = std::get_if<http::Response>(&asked);
    return response != nullptr ? response->status : 0;
}

std::vector<std::string> names(std::string_view query) {
    std::vector<std::string> all;
    for (const AskedTile& tile : tiles(query))
        all.push_back(tile.camera);
    return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("what a wall is asked for") {
    TEST_CASE("cameras in the order in which they are named, or else all") {
        CHECK(names("cameras=roof,yard") == Names{"roof", "yard"});
        CHECK(names("cameras=roof,%20yard,") == Names{"roof", "yard"});
        CHECK(names("") == Names{"yard", "bed", "roof"});
        CHECK(names("cameras=&width=320") == Names{"yard", "bed", "roof"});
    }

    TEST_CASE("the words of all, and those of one of them before these") {
        const auto asked = tiles("cameras=yard,bed&width=320&fps=10&yard.width=640&yard.fps=");
        REQUIRE(asked.size() == 2);
        CHECK(asked[0].rate == 0);
        CHECK(asked[1].rate == 10);
        CHECK(to_string(asked[0].recipe) == "width=640");
        CHECK(to_string(asked[1].recipe) == "width=320");
    }

    TEST_CASE("a name that is not there, or twice there, and words without a sense are refused") {
        CHECK(refusal("cameras=cellar") == 404);
        CHECK(refusal("cameras=yard,yard") == 400);
        CHECK(refusal("cameras=yard&width=wide") == 400);
        CHECK(refusal("cameras=yard&yard.width=wide") == 400);
        // Of a camera that is not asked for nothing is looked at.
        CHECK(refusal("cameras=bed&yard.width=wide") == 0);
        CHECK(refusal("cameras=yard&auto=1") == 400);
    }

    TEST_CASE("more cameras than a wall has places for are refused") {
        Names all;
        for (std::size_t i = 0; i <= wall::most_tiles; ++i)
            all.push_back("c" + std::to_string(i));
        const Asked asked = wall::wall_query({}, all);
        REQUIRE(std::holds_alternative<http::Response>(asked));
        CHECK(std::get<http::Response>(asked).status == 400);
        all.pop_back();
        CHECK(std::get<std::vector<AskedTile>>(wall::wall_query({}, all)).size() ==
              wall::most_tiles);
    }
}
