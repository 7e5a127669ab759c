// The frames of one clip, from the moment when it is asked for: it looks at the feed, keeps what
// the reader has not taken yet (frame_queue.hpp), and ends when the time is up.
//
// A clip begins with the picture that the camera shows when it is asked for, if the camera is live,
// and otherwise with the first one that comes; from then on counts its length. Cards are none of
// it. When the camera fails meanwhile, the clip goes on with what comes afterwards, and the time in
// between is a gap.
//
// A time-lapse takes the picture that is shown when the next one is due. If the camera is not live
// then, there is none.
//
// It counts as a viewer as long as it is there.
//
// Owner: the answer to the request, and its task, by shared_ptr. Thread: the loop.
#pragma once

#include <asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/lazy_timer.hpp"
#include "base/task.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "clips/frame_queue.hpp"
#include "endpoints/status.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/message/conversation.hpp"
#include "http/wire/transport.hpp"
#include "media/frame.hpp"
#include "variants/variants.hpp"

namespace onlooker::clips {

class ClipSource final : public std::enable_shared_from_this<ClipSource>,
                         private camera::Viewing::Observed {
  public:
    struct Settings {
        std::chrono::milliseconds length{30'000};
        std::chrono::milliseconds every{0};  // of a time-lapse; 0: every frame
        FrameQueue::Limits queue{};
    };
    struct Viewer {
        camera::Viewing::Description description;
        std::shared_ptr<endpoints::ViewerCount> count;
        asio::ip::address address;
    };

    ClipSource(Executor executor, endpoints::CameraPtr camera, variants::View view, Viewer viewer,
               const Settings& settings);
    ClipSource(const ClipSource&) = delete;
    ClipSource& operator=(const ClipSource&) = delete;
    ~ClipSource();

    // Looks from here on. `before`: what the clip begins with, the oldest first; those of them that
    // are shown now, or later, do not count.
    void begin(const std::vector<media::FramePtr>& before);
    // Nothing more comes; what is there can still be taken.
    void end();

    // True when there is a frame. False at `limit`, when the camera has no hope of one, and when
    // the client leaves.
    Awaitable<bool> first_frame(http::Conversation* conversation, SteadyTime limit);

    // The oldest that was not taken; null: there is none now.
    media::FramePtr take() noexcept { return queue_.pop(); }
    bool empty() const noexcept { return queue_.empty(); }
    // When the last one was taken, that was all.
    bool is_over() const noexcept { return over_; }
    // Is called when there is something to take, or it is over.
    void on_news(std::function<void()> ring) { ring_ = std::move(ring); }

    // Of the first frame, once it is there.
    std::chrono::system_clock::time_point begins() const noexcept { return begins_; }

    const camera::Camera& camera() const noexcept { return *camera_; }
    const camera::Feed& feed() const noexcept { return *view_.feed; }
    // Frames that there was no room for, or that the loop was too busy to see.
    std::uint64_t skipped() const noexcept { return queue_.left_out() + missed_; }

    // How the clip goes on, for who wants to know: what it is sent through, null for nothing, and
    // that one frame more was.
    void sent_through(const http::Transport* transport) noexcept;
    void count_sent() noexcept { viewing_.count_frame(SteadyClock::now()); }

  private:
    camera::Viewing::Progress progress() const noexcept override;
    void begin_time();
    Task read();
    void look();
    void take_in(const media::FramePtr& frame);
    void on_time();
    bool is_time_lapse() const noexcept { return settings_.every.count() > 0; }
    void set_timer();
    void ring();

    Settings settings_;
    endpoints::CameraPtr camera_;  // outlives the view of it
    variants::View view_;
    camera::Viewing viewing_;
    endpoints::ViewerCount::Place place_;
    camera::Feed::Interrupt interrupt_;
    FrameQueue queue_;
    LazyTimer timer_;
    Timer waiting_;  // for the first frame
    std::function<void()> ring_;
    std::uint64_t seen_ = 0;         // edition
    std::uint64_t seen_frames_ = 0;  // of the feed
    std::uint64_t missed_ = 0;
    std::optional<SteadyTime> ends_;  // known from the first frame on; RunningClock, as is
    SteadyTime next_{};               // picture of a time-lapse
    bool over_ = false;
    std::chrono::system_clock::time_point begins_{};
    const http::Transport* transport_ = nullptr;
    std::uint64_t acknowledged_ = 0;  // octets, when it was over
};

}  // namespace onlooker::clips
