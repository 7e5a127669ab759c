// What the query of /wall asks for: which cameras, in which order, and of each what a stream of it
// could be asked for.
//
//     cameras=yard,bed,roof        in this order; without it, or empty, every camera
//     width=320&fps=10             of each of them, any word of endpoints/recipe_query.hpp
//     yard.width=1280&yard.fps=    of that one: its words count before those of all
//
// An empty value of one takes away what all are asked for. A camera's name has no '.', so these
// words cannot be mistaken.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "media/recipe.hpp"

namespace onlooker::wall {

// At a time, on one connection.
inline constexpr std::size_t most_tiles = 64;

struct AskedTile {
    std::string camera;
    media::Recipe recipe;
    double rate = 0;  // frames a second; 0: every frame

    bool operator==(const AskedTile&) const = default;
};

// `all`: the names of the cameras that whoever asks may view. A name that is not among them is 404,
// whether there is such a camera or not; a word that makes no sense, or a camera named twice, is
// 400 in words.
std::variant<std::vector<AskedTile>, http::Response> wall_query(
    const http::Query& query, const std::vector<std::string>& all);

}  // namespace onlooker::wall
