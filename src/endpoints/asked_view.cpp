#include "endpoints/asked_view.hpp"

#include <utility>

#include "endpoints/loop_guard.hpp"
#include "variants/auto_feed.hpp"

namespace onlooker::endpoints {

namespace {

bool only_turns(media::Recipe recipe) {
    if (recipe.is_plain())
        return false;
    recipe.turn = media::Turn::none;
    recipe.mirror = false;
    return recipe.is_plain();
}

}  // namespace

media::Recipe recipe_for(const http::Request& request, media::Recipe recipe,
                         const ViewSettings& settings) {
    recipe.by_exif =
        settings.turn_by_exif && only_turns(recipe) && request.header("Sec-Fetch-Dest") == "image";
    return recipe;
}

std::variant<variants::View, http::Response> asked_view(Executor executor,
                                                        variants::Variants& variants,
                                                        camera::Camera& camera,
                                                        const http::Request& request,
                                                        const ViewSettings& settings) {
    if (auto refusal = refuse_loop(via_of(request)))
        return std::move(*refusal);
    auto asked = recipe_query(request.query);
    if (auto* refusal = std::get_if<http::Response>(&asked))
        return std::move(*refusal);
    if (request.method == http::Method::head)
        return variants::View{.feed = &camera.feed(), .keep = nullptr};
    const RecipeQuery& wish = std::get<RecipeQuery>(asked);
    const media::Recipe recipe = recipe_for(request, wish.recipe, settings);
    auto view = wish.auto_size ? variants::auto_view(executor, variants, camera,
                                                     {.recipe = recipe,
                                                      .rate = wish.rate,
                                                      .min_rate = wish.min_fps,
                                                      .via = via_of(request)})
                               : variants.view(camera, recipe, wish.rate);
    if (const auto* full = std::get_if<variants::Variants::Full>(&view))
        return http::Response::unavailable(full->words);
    return std::get<variants::View>(std::move(view));
}

}  // namespace onlooker::endpoints
