#include "endpoints/snapshot.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "camera/viewing.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/no_cache.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::endpoints {

namespace {

bool is_fresh(const camera::Feed& feed, SteadyTime taken_after) {
    return feed.condition().live && feed.picture() &&
           feed.picture()->stamps().captured >= taken_after;
}

// Ends when there is a fresh picture, when none is to be expected, or at `limit`.
Awaitable<> wait_for_fresh(camera::Feed& feed, SteadyTime taken_after, SteadyTime limit) {
    while (!is_fresh(feed, taken_after) && !feed.condition().hopeless &&
           RunningClock::now() < limit)
        co_await feed.newer(feed.edition(), limit);
}

// A frame's number is unique while the program runs; the time of its capture makes it unique across
// restarts.
std::string etag_of(const media::Frame& frame) {
    const auto stamp = std::chrono::duration_cast<std::chrono::microseconds>(
        frame.stamps().wall.time_since_epoch());
    return fmt::format("\"{:x}-{:x}\"", frame.number(), stamp.count());
}

http::Response unavailable(const camera::Feed& feed) {
    std::string sentence = fmt::format("Camera {} has no picture yet.", feed.name());
    if (const auto& fault = feed.condition().fault)
        sentence = fmt::format("Camera {}: {}: {}.", feed.name(), to_string(fault->kind),
                               escaped(fault->words));
    return http::Response::unavailable(sentence);
}

http::Response picture_response(const media::FramePtr& frame, bool fresh,
                                const http::Request& request) {
    const media::Stamps& stamps = frame->stamps();
    const std::chrono::duration<double> age = SteadyClock::now() - stamps.captured;
    http::Response response;
    const std::string etag = etag_of(*frame);
    add_no_cache(response);
    response.with("ETag", etag);
    response.with(
        "X-Timestamp",
        fmt::format("{:.6f}",
                    std::chrono::duration<double>(stamps.wall.time_since_epoch()).count()));
    response.with("X-Picture-Age", fmt::format("{:.3f}", age.count()));
    if (!fresh)
        response.with("X-Picture-Old", "1");
    if (http::names_entity_tag(request.header("If-None-Match"), etag)) {
        response.status = 304;
        return response;
    }
    response.with("Content-Type", "image/jpeg");
    response.body = http::SharedBytes{.owner = frame, .data = frame->jpeg()};
    return response;
}

}  // namespace

Awaitable<http::Response> snapshot_response(camera::Feed& feed, const http::Request& request,
                                            SnapshotSettings settings) {
    const SteadyTime asked = SteadyClock::now();
    std::optional<std::uint32_t> max_delay;
    if (const auto text = request.query.get("max_delay")) {
        max_delay = parse_number<std::uint32_t>(*text);
        if (!max_delay)
            co_return http::Response::error(
                400, "max_delay is a number of milliseconds, as in max_delay=500.");
    }
    const SteadyTime taken_after =
        max_delay ? asked - std::chrono::milliseconds(*max_delay) : SteadyTime::min();

    camera::Viewing::Description description;
    description.via = via_of(request);
    if (auto refusal = refuse_loop(description.via))
        co_return std::move(*refusal);
    const camera::Viewing viewing(feed, std::move(description));
    co_await wait_for_fresh(feed, taken_after, RunningClock::now() + settings.wait_at_most);
    const bool fresh = is_fresh(feed, taken_after);
    if (!feed.picture() || (max_delay && !fresh))
        co_return unavailable(feed);
    co_return picture_response(feed.picture(), fresh, request);
}

}  // namespace onlooker::endpoints
