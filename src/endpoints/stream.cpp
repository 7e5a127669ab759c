#include "endpoints/stream.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/clock.hpp"
#include "base/running_clock.hpp"
#include "base/task.hpp"
#include "base/text.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/no_cache.hpp"
#include "endpoints/queue_rule.hpp"
#include "endpoints/slow_wire.hpp"
#include "variants/auto_feed.hpp"
#include "variants/auto_size.hpp"

namespace onlooker::endpoints {

namespace {

using Outcome = http::IoResult::Outcome;

// Little unsent data in the kernel: what has not left can still be a newer frame.
constexpr int unsent_low_water = 16 * 1024;

// An edition that no feed has, and no frame is newer than: what is sent next is the present
// frame, and not counted once more.
constexpr auto once_more = std::numeric_limits<std::uint64_t>::max();

// A frame that is due within this time shows just as well whether the peer is gone.
constexpr std::chrono::milliseconds soon{100};

// A key comes back in /state and in a cookie; one that could end the cookie is refused.
std::string key_of(const http::Request& request) {
    constexpr std::size_t longest = 64;
    const std::string_view key = request.query.get("key").value_or("0");
    const bool plain = std::ranges::all_of(
        key, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; });
    return std::string(plain && key.size() <= longest ? key : "0");
}

bool is_on(const http::Request& request, std::string_view name) {
    const auto value = request.query.get(name);
    return value && (*value == "1" || *value == "true");
}

variants::AutoSize::Path as_auto_size_sees(const http::PathState& path) {
    return {.acknowledged = path.acknowledged,
            .busy = path.busy,
            .stopped = path.window_full,
            .rtt = path.rtt,
            .min_rtt = path.min_rtt};
}

class Stream final : public http::StreamBody, private camera::Viewing::Observed {
  public:
    Stream(Executor executor, variants::View view, camera::Viewing::Description description,
           PartLayout::Settings layout, const asio::ip::address& viewer,
           const StreamSettings& settings)
        : keep_(std::move(view.keep)),
          feed_(view.feed),
          layout_(std::move(layout)),
          viewing_(*feed_, std::move(description)),
          executor_(executor),
          slow_wire_(executor, settings.no_progress_limit, leaving_),
          stalls_(settings.stalls),
          place_(settings.viewers, feed_->name(), viewer) {
        viewing_.observe(*this);
        if (view.auto_feed != nullptr)
            slow_wire_.on_look(
                [feed = view.auto_feed](const http::PathState& path, SteadyTime now) {
                    feed->look(as_auto_size_sees(path), now);
                });
    }

    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() override { place_.leave({.frames = viewing_.frames(), .octets = acknowledged_}); }

    std::string preamble() override { return layout_.preamble(); }
    Awaitable<> run(http::StreamConnection& connection) override;
    void peer_finished() override;

    // uStreamer's way to tell a page which of the clients in /state it is.
    std::string cookie() const {
        return fmt::format("stream_client={}/{}; Path=/; Max-Age=30", viewing_.description().key,
                           viewing_.id());
    }

  private:
    camera::Viewing::Progress progress() const noexcept override;
    Task show();
    SteadyClock::duration patience() const noexcept;
    PartLayout::Context context_of(SteadyTime now) const noexcept;
    void see_how_it_went();
    static constexpr bool hot_part_is_two_cache_lines() noexcept;

    // Of the feed: it goes after all that looks at it. Before the alignment, where there is room.
    std::shared_ptr<void> keep_;

    // What each frame touches lies together: the end of queue_, what follows it, and the beginning
    // of viewing_. With thousands of viewers these two cache lines are what a frame costs in user
    // space.
    alignas(64) QueueRule queue_;
    camera::Feed* feed_;
    http::Transport* transport_ = nullptr;
    camera::Feed::Interrupt interrupt_;
    std::uint64_t sent_edition_ = 0;
    PartLayout layout_;
    bool leaving_ = false;  // the server wants to end
    bool peer_is_gone_ = false;
    camera::Viewing viewing_;

    Executor executor_;
    SlowWire slow_wire_;
    std::shared_ptr<LimitedLog> stalls_;
    ViewerCount::Place place_;
    std::uint64_t acknowledged_ = 0;      // octets, when it was over
    std::uint64_t skipped_for_link_ = 0;  // frames that came and went while its wire was busy
};

constexpr bool Stream::hot_part_is_two_cache_lines() noexcept {
    constexpr std::size_t line = 64;
// Conditional in C++ for a class with virtual functions, and supported by every compiler of ours.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
    constexpr std::size_t begin =
        offsetof(Stream, queue_) + sizeof(QueueRule) - QueueRule::octets_of_each_frame;
    constexpr std::size_t end = offsetof(Stream, viewing_) + camera::Viewing::octets_of_each_frame;
    constexpr std::size_t fetched = offsetof(Stream, interrupt_);
#pragma GCC diagnostic pop
    // The signal fetches the line in which interrupt_ begins, and the next one.
    return begin / line == fetched / line && (end - 1) / line == fetched / line + 1;
}

Awaitable<> Stream::run(http::StreamConnection& connection) {
    transport_ = &connection.transport();
    ::setsockopt(transport_->socket().native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                 &unsent_low_water, sizeof unsent_low_water);
    connection.on_leave([this] {
        leaving_ = true;
        slow_wire_.leave();
        interrupt_.raise();
    });
    co_await onlooker::run(executor_, show());
    connection.on_leave({});
    acknowledged_ = transport_->path().acknowledged;
}

camera::Viewing::Progress Stream::progress() const noexcept {
    if (transport_ == nullptr)
        return {};
    return {.edition = sent_edition_,
            .queued = transport_->unacknowledged(),
            .acknowledged = transport_->path().acknowledged,
            .skipped_for_link = skipped_for_link_};
}

// The hot path: with a viewer that is on time, one turn of this loop is one wake-up, one send, no
// allocation and no look at a clock.
Task Stream::show() {
    static_assert(hot_part_is_two_cache_lines());
    while (!leaving_ && !peer_is_gone_) {
        if (!feed_->has_newer(sent_edition_)) {
            if (feed_->condition().over)
                break;
            co_await feed_->newer(sent_edition_, interrupt_);
            continue;
        }
        // A repeat shows that frames are rare, and a peer that is gone would long pass unnoticed.
        if (queue_.must_look() || feed_->edition() != feed_->frame_edition()) {
            const std::uint64_t due = feed_->frame_edition();
            const auto wait = slow_wire_.look(*transport_, queue_);
            if (wait > SteadyClock::duration::zero())
                co_await slow_wire_.wait_until_free(*transport_, queue_, wait);
            see_how_it_went();
            if (const auto at_most = patience(); at_most > SteadyClock::duration::zero())
                co_await feed_->newer(feed_->edition(), RunningClock::now() + at_most, interrupt_);
            skipped_for_link_ += feed_->frame_edition() - due;
            if (leaving_ || peer_is_gone_)
                break;
        }
        // Chosen now and not before: the newest at the moment the wire is free.
        const SteadyTime now = feed_->edition_time();
        const PartLayout::Part part = layout_.next(feed_->showing(), context_of(now));
        // The same frame once more does not count as a frame.
        const bool is_new = part.shows_frame() && sent_edition_ < feed_->frame_edition();
        if (part.shows_frame())
            sent_edition_ = feed_->edition();
        const http::IoResult result = transport_->try_write(part.pieces());
        if (result.outcome == Outcome::failed) {
            peer_is_gone_ = true;
        } else if (result.octets < part.octets()) {
            queue_.fell_short();
            const std::uint64_t sent = feed_->frame_edition();
            co_await slow_wire_.send_rest(*transport_, feed_->showing(), part.pieces(),
                                          result.octets);
            // The newest of those that came meanwhile is its next one.
            skipped_for_link_ += std::max(feed_->frame_edition(), sent + 1) - (sent + 1);
            see_how_it_went();
        }
        queue_.sent();
        if (is_new && !peer_is_gone_)
            viewing_.count_frame(now);
    }
}

// Only uStreamer's extra headers ask for it.
PartLayout::Context Stream::context_of(SteadyTime now) const noexcept {
    if (!layout_.needs_context())
        return {};
    return {.online = feed_->condition().live,
            .own_rate = static_cast<unsigned>(std::lround(viewing_.rate(now)))};
}

// How long to wait for a frame that is about to come, or a little overdue; zero when none is.
SteadyClock::duration Stream::patience() const noexcept {
    const auto due = feed_->next_frame_due();
    if (!due || leaving_ || peer_is_gone_)
        return SteadyClock::duration::zero();
    const SteadyTime now = SteadyClock::now();
    const SteadyClock::duration patience = queue_.patience(now, *due - feed_->edition_time());
    return std::chrono::abs(*due - now) <= patience ? patience : SteadyClock::duration::zero();
}

void Stream::see_how_it_went() {
    peer_is_gone_ = slow_wire_.peer() != SlowWire::Peer::there;
    if (slow_wire_.peer() == SlowWire::Peer::takes_nothing)
        stalls_->write(spdlog::level::info,
                       "viewer {} of camera {} took nothing for {:.0f} s and is let go",
                       viewing_.id(), feed_->name(),
                       std::chrono::duration<double>(slow_wire_.no_progress_limit()).count());
}

// Sends once more the frame that the peer already has: that shows whether it is gone, and does no
// harm if it is not. When the next frame is about to come, that one will do, and a crowd that
// leaves costs no sends.
void Stream::peer_finished() {
    const auto due = feed_->next_frame_due();
    if (due && *due - SteadyClock::now() < soon)
        return;
    sent_edition_ = once_more;
    interrupt_.raise();
}

}  // namespace

http::Response stream_response(Executor executor, variants::View view, const http::Request& request,
                               std::string_view boundary, const StreamSettings& settings) {
    PartLayout::Settings layout;
    layout.format = choose_format(request);
    layout.boundary = boundary;
    layout.extra_headers = is_on(request, "extra_headers");
    layout.zero_data = is_on(request, "zero_data");

    camera::Viewing::Description description;
    description.key = key_of(request);
    description.extra_headers = layout.extra_headers;
    description.advance_headers = layout.format == PartFormat::ahead;
    description.dual_final_frames = is_on(request, "dual_final_frames");
    description.zero_data = layout.zero_data;
    description.via = via_of(request);
    description.format = to_string(layout.format);
    if (view.auto_feed != nullptr)
        description.auto_step = layout.auto_step = view.auto_feed->told();

    http::Response response;
    response.with("Content-Type", fmt::format("multipart/x-mixed-replace;boundary={}", boundary));
    add_no_cache(response);
    response.with("X-Accel-Buffering", "no");
    response.framing = http::Framing::until_close;
    if (request.method == http::Method::head) {
        response.body = std::make_unique<http::HeadOnly>();
    } else {
        auto stream =
            std::make_unique<Stream>(executor, std::move(view), std::move(description),
                                     std::move(layout), request.remote.address(), settings);
        if (request.query.has("key"))
            response.with("Set-Cookie", stream->cookie());
        response.body = std::move(stream);
    }
    return response;
}

}  // namespace onlooker::endpoints
