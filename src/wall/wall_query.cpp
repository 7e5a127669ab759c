#include "wall/wall_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/text.hpp"
#include "endpoints/recipe_query.hpp"

namespace onlooker::wall {

namespace {

using http::Response;

constexpr int longest_told = 40;

std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    for (const auto part : list | std::views::split(',')) {
        const std::string_view name = trimmed(std::string_view(part.begin(), part.end()));
        if (!name.empty())
            names.emplace_back(name);
    }
    return names;
}

std::variant<AskedTile, Response> asked_tile(const http::Query& query, const std::string& camera) {
    auto asked = endpoints::recipe_query(query.with_first(camera + '.'));
    if (auto* refusal = std::get_if<Response>(&asked))
        return std::move(*refusal);
    const auto& wish = std::get<endpoints::RecipeQuery>(asked);
    if (wish.auto_size)
        return Response::error(
            400,
            "auto=1 is for the stream of one camera. On a wall whoever shows it asks for the "
            "sizes: width=320, or NAME.width=320 for one of the cameras.");
    return AskedTile{.camera = camera, .recipe = wish.recipe, .rate = wish.rate};
}

}  // namespace

std::variant<std::vector<AskedTile>, http::Response> wall_query(
    const http::Query& query, const std::vector<std::string>& all) {
    std::vector<std::string> names = names_in(query.get("cameras").value_or(""));
    if (names.empty())
        names = all;
    if (names.size() > most_tiles)
        return Response::error(
            400, fmt::format("A wall shows at most {} cameras at a time, and {} were asked for: "
                             "name fewer, as in cameras=a,b.",
                             most_tiles, names.size()));
    std::vector<AskedTile> tiles;
    for (const std::string& name : names) {
        if (std::ranges::find(all, name) == all.end())
            return Response::error(
                404, fmt::format("There is no camera {}.", escaped(name, longest_told)));
        if (std::ranges::find(tiles, name, &AskedTile::camera) != tiles.end())
            return Response::error(400, fmt::format("cameras= names {} twice.", name));
        auto tile = asked_tile(query, name);
        if (auto* refusal = std::get_if<Response>(&tile))
            return std::move(*refusal);
        tiles.push_back(std::get<AskedTile>(std::move(tile)));
    }
    return tiles;
}

}  // namespace onlooker::wall
