#include "endpoints/snapshot.hpp"

#include <asio/this_coro.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "base/task.hpp"
#include "base/text.hpp"
#include "camera/fault.hpp"
#include "camera/viewing.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/no_cache.hpp"
#include "endpoints/no_picture.hpp"
#include "endpoints/snapshot_wish.hpp"
#include "http/message/conversation.hpp"
#include "http/message/syntax.hpp"
#include "media/recipe.hpp"

namespace onlooker::endpoints {

namespace {

// Ends a wait when the client leaves, as long as it lives.
class WaitsForClient {
  public:
    WaitsForClient(http::Conversation* conversation, camera::Feed::Interrupt& interrupt)
        : conversation_(conversation) {
        if (conversation_ != nullptr)
            conversation_->on_leave([this, &interrupt] {
                left_ = true;
                interrupt.raise();
            });
    }
    WaitsForClient(const WaitsForClient&) = delete;
    WaitsForClient& operator=(const WaitsForClient&) = delete;
    ~WaitsForClient() {
        if (conversation_ != nullptr)
            conversation_->on_leave({});
    }

    bool left() const noexcept { return left_; }

  private:
    http::Conversation* conversation_;
    bool left_ = false;
};

template <typename Condition>
Task wait_in_task(camera::Feed& feed, http::Conversation* conversation, SteadyTime limit,
                  Condition holds) {
    camera::Feed::Interrupt interrupt;
    const WaitsForClient client(conversation, interrupt);
    while (!holds() && !client.left() && RunningClock::now() < limit)
        co_await feed.newer(feed.edition(), limit, interrupt);
}

// Until the condition holds, the client leaves, or `limit`.
template <typename Condition>
Awaitable<> wait_until(camera::Feed& feed, http::Conversation* conversation, SteadyTime limit,
                       Condition holds) {
    if (!holds() && RunningClock::now() < limit)
        co_await run(co_await asio::this_coro::executor,
                     wait_in_task(feed, conversation, limit, holds));
}

// A client that was given this very answer on this connection a moment ago waits for another one.
// HEAD gives nothing, so it neither waits nor counts. Who says what he has seen paces himself, and
// a cache asks for many.
Awaitable<> wait_for_another(const SnapshotWish& wish, const http::Request& request,
                             SnapshotSettings settings) {
    http::Conversation* const conversation = request.conversation;
    if (conversation == nullptr || request.method == http::Method::head || wish.newer_than ||
        wish.shared_cache.count() > 0)
        co_return;
    if (const auto given = conversation->given(&wish.feed, wish.form))
        co_await wait_until(wish.feed, conversation, given->at + settings.same_again_after,
                            [&wish, given] { return wish.version() != given->version; });
    conversation->remember({.thing = &wish.feed,
                            .form = wish.form,
                            .version = wish.version(),
                            .at = RunningClock::now()});
}

// A frame's number is unique while the program runs; the time of its capture makes it unique across
// restarts. What is made of it by a recipe is another thing.
std::string etag_of(const media::Frame& frame, const SnapshotWish& wish) {
    const auto stamp = std::chrono::duration_cast<std::chrono::microseconds>(
        frame.stamps().wall.time_since_epoch());
    const std::string form = wish.form == 0 ? "" : fmt::format("-{:x}", wish.form);
    return fmt::format("\"{:x}-{:x}{}\"", frame.number(), stamp.count(), form);
}

// As uStreamer has them on /snapshot; PiKVM's client reads the first three. Times are seconds of
// the monotonic clock.
void add_ustreamer_fields(http::Response& response, const media::Frame& frame, bool online) {
    const media::Stamps& stamps = frame.stamps();
    const auto add_time = [&response](const char* name, SteadyTime time) {
        response.with(
            name,
            fmt::format("{:.6f}", std::chrono::duration<double>(time.time_since_epoch()).count()));
    };
    response.with("X-UStreamer-Online", online ? "true" : "false");
    response.with("X-UStreamer-Width", fmt::format("{}", frame.width()));
    response.with("X-UStreamer-Height", fmt::format("{}", frame.height()));
    add_time("X-UStreamer-Grab-Begin-Timestamp", stamps.captured);
    add_time("X-UStreamer-Grab-End-Timestamp", stamps.taken);
    add_time("X-UStreamer-Encode-Begin-Timestamp", stamps.taken);
    add_time("X-UStreamer-Encode-End-Timestamp", stamps.ready);
    add_time("X-UStreamer-Send-Timestamp", SteadyClock::now());
}

// What a part of a stream says, too: that it is a card; of a picture that was made for a recipe,
// its size and the recipe.
void add_fields_of_part(http::Response& response, const media::Frame& frame) {
    static constexpr std::string_view colon = ": ";
    static constexpr std::string_view line_end = "\r\n";
    std::string_view fields = frame.fields();
    while (!fields.empty()) {
        const std::string_view line = fields.substr(0, fields.find(line_end));
        const std::size_t mark = line.find(colon);
        response.with(std::string(line.substr(0, mark)),
                      std::string(line.substr(mark + colon.size())));
        fields.remove_prefix(line.size() + line_end.size());
    }
}

// Only a picture that shows how it is now is for others.
void add_cache_control(http::Response& response, const SnapshotWish& wish) {
    if (wish.shared_cache.count() > 0 && wish.is_fresh())
        response.with("Cache-Control",
                      fmt::format("public, max-age=0, s-maxage={}", wish.shared_cache.count()));
    else
        add_no_cache(response);
}

// 204: it is well, and its picture is known to whoever asks.
http::Response nothing_newer(const media::Frame& newest) {
    http::Response response;
    response.status = 204;
    add_no_cache(response);
    response.with("X-Frame-Number", fmt::format("{}", newest.number()));
    response.body = std::string();
    return response;
}

http::Response picture_response(const media::FramePtr& frame, const SnapshotWish& wish,
                                const http::Request& request) {
    const media::Stamps& stamps = frame->stamps();
    const std::chrono::duration<double> age = SteadyClock::now() - stamps.captured;
    http::Response response;
    const std::string etag = etag_of(*frame, wish);
    add_cache_control(response, wish);
    response.with("ETag", etag);
    if (!frame->is_card())
        response.with("X-Frame-Number", fmt::format("{}", frame->number()));
    response.with(
        "X-Timestamp",
        fmt::format("{:.6f}",
                    std::chrono::duration<double>(stamps.wall.time_since_epoch()).count()));
    response.with("X-Picture-Age", fmt::format("{:.3f}", age.count()));
    if (!frame->is_card() && !wish.is_fresh())
        response.with("X-Picture-Old", "1");
    if (http::names_entity_tag(request.header("If-None-Match"), etag)) {
        response.status = 304;
        return response;
    }
    add_fields_of_part(response, *frame);
    add_ustreamer_fields(response, *frame, wish.feed.condition().live);
    response.with("Content-Type", "image/jpeg");
    response.body = http::SharedBytes{.owner = frame, .data = frame->jpeg()};
    return response;
}

// The answer with what the recipe makes of the frame.
Awaitable<http::Response> made_response(variants::Variants& variants, camera::Camera& camera,
                                        media::FramePtr frame, const SnapshotWish& wish,
                                        const http::Request& request) {
    using variants::Variants;
    const bool is_known =
        http::names_entity_tag(request.header("If-None-Match"), etag_of(*frame, wish));
    if (wish.recipe.is_plain() || is_known)
        co_return picture_response(frame, wish, request);
    const Variants::Picture made = co_await variants.picture(camera, frame, wish.recipe);
    if (const auto* full = std::get_if<Variants::Full>(&made))
        co_return http::Response::unavailable(full->words);
    if (const auto* unusable = std::get_if<Variants::Unusable>(&made))
        co_return http::Response::unavailable(fmt::format(
            "The picture of camera {} cannot be made with {}: {}.", camera.name(),
            escaped(to_string(wish.recipe)), escaped(unusable->why, camera::longest_fault)));
    co_return picture_response(std::get<media::FramePtr>(made), wish, request);
}

}  // namespace

Awaitable<http::Response> snapshot_response(variants::Variants& variants, camera::Camera& camera,
                                            const http::Request& request, SnapshotSettings settings,
                                            ViewSettings view) {
    camera::Feed& feed = camera.feed();
    auto asked = snapshot_wish(request, feed, view);
    if (auto* refusal = std::get_if<http::Response>(&asked))
        co_return std::move(*refusal);
    const SnapshotWish& wish = std::get<SnapshotWish>(asked);

    camera::Viewing::Description description;
    description.via = via_of(request);
    if (auto refusal = refuse_loop(description.via))
        co_return std::move(*refusal);
    const camera::Viewing viewing(feed, std::move(description));
    const auto patience = wish.wait.value_or(settings.wait_at_most);
    co_await wait_until(feed, request.conversation, RunningClock::now() + patience,
                        [&] { return wish.is_fresh() || feed.condition().hopeless; });
    if (wish.may_be_card && !wish.granted())
        co_await wait_until(feed, request.conversation,
                            RunningClock::now() + settings.wait_for_card,
                            [&] { return wish.granted() || feed.condition().live; });
    co_await wait_for_another(wish, request, settings);
    if (const media::FramePtr frame = wish.granted())
        co_return co_await made_response(variants, camera, frame, wish, request);
    if (wish.has_nothing_newer())
        co_return nothing_newer(*feed.picture());
    co_return no_picture(feed);
}

}  // namespace onlooker::endpoints
