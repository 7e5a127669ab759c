#include "endpoints/snapshot.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/deadline.hpp"
#include "base/task.hpp"
#include "base/text.hpp"
#include "camera/viewing.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/no_cache.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::endpoints {

namespace {

using Clock = std::chrono::steady_clock;

bool is_fresh(const camera::Camera& camera, Clock::time_point taken_after) {
    return camera.live() && camera.picture() && camera.picture()->stamps().captured >= taken_after;
}

// No picture will come soon enough for this request.
bool is_hopeless(const camera::Camera& camera) {
    return camera.closing() || (camera.state() == camera::Supervision::State::faulted);
}

// Ends when there is a fresh picture, when none is to be expected, or when `time_is_up` says so;
// whoever sets that wakes `wait`.
Task wait_for_fresh(camera::Camera& camera, Clock::time_point taken_after, const bool& time_is_up,
                    camera::FrameSignal::Wait*& wait) {
    while (!time_is_up && !is_fresh(camera, taken_after) && !is_hopeless(camera)) {
        camera::FrameSignal::Wait next(camera.signal());
        const camera::FrameSignal::Wakeable wakeable(wait, next);
        co_await next;
    }
}

Awaitable<> wait_for_fresh(Executor executor, camera::Camera& camera, Clock::time_point taken_after,
                           std::chrono::milliseconds at_most) {
    camera::FrameSignal::Wait* wait = nullptr;
    bool time_is_up = false;
    const Deadline deadline(executor, at_most, [&] {
        time_is_up = true;
        if (wait != nullptr)
            wait->wake();
    });
    co_await run(executor, wait_for_fresh(camera, taken_after, time_is_up, wait));
}

// A frame's number is unique while the program runs; the time of its capture makes it so for ever.
std::string etag_of(const media::Frame& frame) {
    const auto stamp = std::chrono::duration_cast<std::chrono::microseconds>(
        frame.stamps().wall.time_since_epoch());
    return fmt::format("\"{:x}-{:x}\"", frame.number(), stamp.count());
}

http::Response unavailable(const camera::Camera& camera) {
    std::string sentence = fmt::format("Camera {} has no picture yet.", camera.name());
    if (camera.fault())
        sentence = fmt::format("Camera {}: {}: {}.", camera.name(), to_string(camera.fault()->kind),
                               escaped(camera.fault()->words));
    return http::Response::unavailable(sentence);
}

http::Response picture_response(const media::FramePtr& frame, bool fresh,
                                const http::Request& request) {
    const media::Stamps& stamps = frame->stamps();
    const std::chrono::duration<double> age = Clock::now() - stamps.captured;
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

Awaitable<http::Response> snapshot_response(Executor executor, camera::Camera& camera,
                                            const http::Request& request,
                                            SnapshotSettings settings) {
    const Clock::time_point asked = Clock::now();
    std::optional<std::uint32_t> max_delay;
    if (const auto text = request.query.get("max_delay")) {
        max_delay = parse_number<std::uint32_t>(*text);
        if (!max_delay)
            co_return http::Response::error(
                400, "max_delay is a number of milliseconds, as in max_delay=500.");
    }
    const Clock::time_point taken_after =
        max_delay ? asked - std::chrono::milliseconds(*max_delay) : Clock::time_point::min();

    camera::Viewing::Description description;
    description.via = via_of(request);
    if (auto refusal = refuse_loop(description.via))
        co_return std::move(*refusal);
    const camera::Viewing viewing(camera, std::move(description));
    co_await wait_for_fresh(executor, camera, taken_after, settings.wait_at_most);
    const bool fresh = is_fresh(camera, taken_after);
    if (!camera.picture() || (max_delay && !fresh))
        co_return unavailable(camera);
    co_return picture_response(camera.picture(), fresh, request);
}

}  // namespace onlooker::endpoints
