#include "endpoints/stream.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/deadline.hpp"
#include "base/task.hpp"
#include "base/text.hpp"
#include "endpoints/loop_guard.hpp"
#include "endpoints/no_cache.hpp"
#include "endpoints/queue_rule.hpp"
#include "endpoints/slow_wire.hpp"

namespace onlooker::endpoints {

namespace {

using Clock = std::chrono::steady_clock;
using Outcome = http::IoResult::Outcome;

// Little unsent data in the kernel: what has not left can still be a newer frame.
constexpr int unsent_low_water = 16 * 1024;

// An edition that no camera has, and no frame is newer than: what is sent next is the present
// frame, and not counted once more.
constexpr auto once_more = std::numeric_limits<std::uint64_t>::max();

// A frame that is due within this time tells as well who has gone.
constexpr std::chrono::milliseconds soon{100};

// A key comes back in /state and in a cookie; one that could end the cookie is not taken.
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

class Stream final : public http::StreamBody {
  public:
    Stream(Executor executor, camera::Camera& camera, camera::Viewing::Description description,
           PartLayout::Options layout, const StreamSettings& settings)
        : camera_(camera),
          layout_(std::move(layout)),
          viewing_(camera, std::move(description)),
          executor_(executor),
          slow_wire_(executor, settings.no_progress_limit) {}

    std::string preamble() override { return layout_.preamble(); }
    Awaitable<> run(http::StreamConnection& connection) override;
    void peer_finished() override;

    // uStreamer's way to tell a page which of the clients in /state it is.
    std::string cookie() const {
        return fmt::format("stream_client={}/{}; Path=/; Max-Age=30", viewing_.description().key,
                           viewing_.id());
    }

  private:
    Task show();
    Clock::duration patience() const noexcept;
    Task wait_for_frame(Clock::duration at_most);
    PartLayout::Context context_of(Clock::time_point now) const noexcept;
    void see_how_it_went();

    // What each frame touches lies together: the end of queue_, what follows it, and the beginning
    // of viewing_. With thousands of viewers these two cache lines are what a frame costs in user
    // space.
    alignas(64) QueueRule queue_;
    camera::Camera& camera_;
    http::Transport* transport_ = nullptr;
    std::uint64_t sent_edition_ = 0;
    // What this coroutine waits for when it is not the socket.
    camera::FrameSignal::Wait* next_frame_ = nullptr;
    PartLayout layout_;
    bool leaving_ = false;  // the server wants to end
    bool peer_is_gone_ = false;
    camera::Viewing viewing_;

    Executor executor_;
    SlowWire slow_wire_;
};

Awaitable<> Stream::run(http::StreamConnection& connection) {
    transport_ = &connection.transport();
    ::setsockopt(transport_->socket().native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                 &unsent_low_water, sizeof unsent_low_water);
    connection.on_leave([this] {
        leaving_ = true;
        slow_wire_.leave();
        if (next_frame_ != nullptr)
            next_frame_->wake();
    });
    co_await onlooker::run(executor_, show());
    connection.on_leave({});
}

// The hot path: with a viewer that is on time, one turn of this loop is one wake-up, one send, no
// allocation and no look at a clock.
Task Stream::show() {
    while (!leaving_ && !peer_is_gone_) {
        if (sent_edition_ == camera_.edition() || !camera_.showing()) {
            camera::FrameSignal::Wait next_frame(camera_.signal(), &sent_edition_);
            const camera::FrameSignal::Wakeable wakeable(next_frame_, next_frame);
            co_await next_frame;
            continue;
        }
        if (queue_.must_look()) {
            const auto wait = slow_wire_.look(*transport_, queue_);
            if (wait > Clock::duration::zero())
                co_await slow_wire_.wait_until_free(*transport_, queue_, wait);
            see_how_it_went();
            if (const auto for_frame = patience(); for_frame > Clock::duration::zero())
                co_await wait_for_frame(for_frame);
            if (leaving_ || peer_is_gone_)
                break;
        }
        // Chosen now and not before: the newest at the moment the wire is free.
        const Clock::time_point now = camera_.edition_time();
        const PartLayout::Part part = layout_.next(camera_.showing(), context_of(now));
        // The same frame once more is no frame more.
        const bool is_new = part.shows_frame() && sent_edition_ < camera_.frame_edition();
        if (part.shows_frame())
            sent_edition_ = camera_.edition();
        const http::IoResult result = transport_->try_write(part.pieces());
        if (result.outcome == Outcome::failed) {
            peer_is_gone_ = true;
        } else if (result.octets < part.octets()) {
            queue_.fell_short();
            co_await slow_wire_.send_rest(*transport_, camera_.showing(), part.pieces(),
                                          result.octets);
            see_how_it_went();
        }
        queue_.sent();
        if (is_new && !peer_is_gone_)
            viewing_.count_frame(now);
    }
}

// Only uStreamer's extra headers ask for it.
PartLayout::Context Stream::context_of(Clock::time_point now) const noexcept {
    if (!layout_.needs_context())
        return {};
    return {.online = camera_.live(),
            .own_rate = static_cast<unsigned>(std::lround(viewing_.rate(now)))};
}

// How long to wait for a frame that is about to come, or a little overdue; zero when none is.
Clock::duration Stream::patience() const noexcept {
    const auto due = camera_.next_frame_due();
    if (!due || leaving_ || peer_is_gone_)
        return Clock::duration::zero();
    const Clock::time_point now = Clock::now();
    const Clock::duration patience = queue_.patience(now, *due - camera_.edition_time());
    return std::chrono::abs(*due - now) <= patience ? patience : Clock::duration::zero();
}

Task Stream::wait_for_frame(Clock::duration at_most) {
    camera::FrameSignal::Wait next_frame(camera_.signal());
    const Deadline limit(executor_, at_most, [&next_frame] { next_frame.wake(); });
    const camera::FrameSignal::Wakeable wakeable(next_frame_, next_frame);
    co_await next_frame;
}

void Stream::see_how_it_went() {
    peer_is_gone_ = slow_wire_.peer() != SlowWire::Peer::there;
    if (slow_wire_.peer() == SlowWire::Peer::takes_nothing)
        spdlog::info("viewer {} of camera {} took nothing for {:.0f} s and is let go",
                     viewing_.id(), camera_.name(),
                     std::chrono::duration<double>(slow_wire_.no_progress_limit()).count());
}

// The frame it has already, once more: it tells who has gone, and harms nobody who has not. Where
// the next frame is about to come, that one tells as well, and a crowd that leaves costs no sends.
void Stream::peer_finished() {
    const auto due = camera_.next_frame_due();
    if (due && *due - Clock::now() < soon)
        return;
    sent_edition_ = once_more;
    if (next_frame_ != nullptr)
        next_frame_->wake();
}

// HEAD asks what a GET would say, and opens no camera for it.
class HeadOnly final : public http::StreamBody {
  public:
    std::string preamble() override { return {}; }
    Awaitable<> run(http::StreamConnection&) override { co_return; }
};

}  // namespace

http::Response stream_response(Executor executor, camera::Camera& camera,
                               const http::Request& request, std::string_view boundary,
                               const StreamSettings& settings) {
    const std::string via = via_of(request);
    if (auto refusal = refuse_loop(via))
        return std::move(*refusal);
    PartLayout::Options layout;
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
    description.via = via;
    description.format = to_string(layout.format);

    http::Response response;
    response.with("Content-Type", fmt::format("multipart/x-mixed-replace;boundary={}", boundary));
    add_no_cache(response);
    response.with("X-Accel-Buffering", "no");
    if (request.method == http::Method::head) {
        response.body = std::make_unique<HeadOnly>();
    } else {
        auto stream = std::make_unique<Stream>(executor, camera, std::move(description),
                                               std::move(layout), settings);
        if (request.query.has("key"))
            response.with("Set-Cookie", stream->cookie());
        response.body = std::move(stream);
    }
    return response;
}

}  // namespace onlooker::endpoints
