#include "endpoints/snapshot_wish.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "base/fnv1a.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "endpoints/recipe_query.hpp"

namespace onlooker::endpoints {

namespace {

constexpr double longest_wait = 60;  // seconds
// Caches count whole seconds (RFC 9111, 5.2.2.10).
constexpr std::uint32_t shortest_cache = 1'000;
constexpr std::uint32_t longest_cache = 3'600'000;

// The card that is shown where there is no picture; null while there is none.
media::FramePtr card_of(const camera::Feed& feed) {
    constexpr auto oldest = std::chrono::seconds(2);  // one comes every second
    const media::FramePtr& showing = feed.showing();
    if (!showing || !showing->is_card() ||
        SteadyClock::now() - showing->stamps().captured >= oldest)
        return nullptr;
    return showing;
}

bool can_show_card(const http::Request& request) {
    if (const std::string_view destination = request.header("Sec-Fetch-Dest"); !destination.empty())
        return destination == "image";
    const std::string_view accept = request.header("Accept");
    const auto names = [accept](std::string_view type) {
        return accept.find(type) != std::string_view::npos;
    };
    return (names("image/*") || names("image/webp")) && !names("text/html");
}

// Each reads its parameters; the words of a refusal, or nothing.
using Refusal = std::optional<http::Response>;

Refusal read_delay(const http::Query& query, SnapshotWish& wish) {
    const auto text = query.get("max_delay");
    if (!text)
        return std::nullopt;
    const auto milliseconds = parse_number<std::uint32_t>(*text);
    if (!milliseconds)
        return http::Response::error(400,
                                     "max_delay is a number of milliseconds, as in max_delay=500.");
    wish.max_delay = std::chrono::milliseconds(*milliseconds);
    wish.taken_after = SteadyClock::now() - *wish.max_delay;
    return std::nullopt;
}

Refusal read_newer(const http::Query& query, SnapshotWish& wish) {
    if (const auto text = query.get("newer_than")) {
        wish.newer_than = parse_number<std::uint64_t>(*text);
        if (!wish.newer_than)
            return http::Response::error(
                400, "newer_than is the X-Frame-Number of a snapshot, as in newer_than=17.");
    }
    if (const auto text = query.get("wait")) {
        const auto seconds = parse_number<double>(*text);
        if (!seconds || !(*seconds >= 0) || *seconds > longest_wait)
            return http::Response::error(400, "wait is 0 to 60 seconds, as in wait=5.");
        wish.wait = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::duration<double>(*seconds));
    }
    return std::nullopt;
}

// A picture that one may see who has logged in is for nobody's shared cache. Pages write the time
// behind names like this to get past a cache: what is no such time means nothing.
std::chrono::seconds shared_cache(const http::Request& request) {
    const auto milliseconds = parse_number<std::uint32_t>(request.query.get("cache").value_or(""));
    if (!milliseconds || *milliseconds < shortest_cache || *milliseconds > longest_cache ||
        request.pass != nullptr)
        return std::chrono::seconds(0);
    return std::chrono::floor<std::chrono::seconds>(std::chrono::milliseconds(*milliseconds));
}

}  // namespace

// A number that is none of ours is of an earlier run of the program.
bool SnapshotWish::is_newer() const noexcept {
    return !newer_than || feed.picture()->number() != *newer_than;
}

bool SnapshotWish::is_fresh() const noexcept {
    return feed.condition().live && feed.picture() &&
           feed.picture()->stamps().captured >= taken_after && is_newer();
}

bool SnapshotWish::may_be_old() const noexcept {
    return feed.picture() && !max_delay && !newer_than &&
           RunningClock::now() < feed.condition().picture_until;
}

media::FramePtr SnapshotWish::granted() const {
    if (is_fresh() || may_be_old())
        return feed.picture();
    return may_be_card ? card_of(feed) : nullptr;
}

std::uint64_t SnapshotWish::version() const {
    const media::FramePtr frame = granted();
    return frame ? 2 * frame->number() + (frame->is_card() ? 1 : 0) : 0;
}

bool SnapshotWish::has_nothing_newer() const noexcept {
    return newer_than && feed.condition().live && feed.picture() && !is_newer();
}

std::variant<SnapshotWish, http::Response> snapshot_wish(const http::Request& request,
                                                         camera::Feed& feed,
                                                         const ViewSettings& settings) {
    auto query = recipe_query(request.query);
    if (auto* refusal = std::get_if<http::Response>(&query))
        return std::move(*refusal);
    SnapshotWish wish{.feed = feed,
                      .recipe = recipe_for(request, std::get<RecipeQuery>(query).recipe, settings),
                      .max_delay = std::nullopt,
                      .taken_after = SteadyTime::min(),
                      .may_be_card = can_show_card(request),
                      .newer_than = std::nullopt,
                      .wait = std::nullopt};
    if (auto refusal = read_delay(request.query, wish))
        return std::move(*refusal);
    if (auto refusal = read_newer(request.query, wish))
        return std::move(*refusal);
    wish.shared_cache = shared_cache(request);
    // What a cache gives to others must not depend on who asked first.
    if (wish.shared_cache.count() > 0) {
        wish.recipe.by_exif = false;
        wish.may_be_card = false;
    }
    if (!wish.recipe.is_plain())
        wish.form = fnv1a(to_string(wish.recipe) + (wish.recipe.by_exif ? " by EXIF" : ""));
    return wish;
}

}  // namespace onlooker::endpoints
