// One camera on a wall: it looks at the feed, and rings when there is something newer to send.
//
// Owner: its wall, by shared_ptr, for its task keeps it too. Thread: the loop.
#pragma once

#include <asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "camera/feed.hpp"
#include "camera/viewing.hpp"
#include "endpoints/status.hpp"
#include "endpoints/viewer_count.hpp"
#include "media/frame.hpp"
#include "variants/variants.hpp"
#include "wall/wall_query.hpp"

namespace onlooker::wall {

class Tile final : public std::enable_shared_from_this<Tile>, private camera::Viewing::Observed {
  public:
    Tile(AskedTile asked, endpoints::CameraPtr camera, variants::View view,
         camera::Viewing::Description description, std::shared_ptr<endpoints::ViewerCount> viewers,
         const asio::ip::address& viewer);
    Tile(const Tile&) = delete;
    Tile& operator=(const Tile&) = delete;
    ~Tile();

    // From here on `ring` is called when there is something to send; whoever was rung for may drop
    // this tile meanwhile.
    void begin(std::function<void()> ring);
    // It rings no more, and lets its camera go as soon as nobody is below a call of it.
    void drop() noexcept;

    const AskedTile& asked() const noexcept { return asked_; }
    const camera::Feed& feed() const noexcept { return *view_.feed; }

    // Its camera went for good, or its task came to an end for a lack of memory.
    bool is_over() const noexcept { return over_; }
    bool has_news() const noexcept { return !over_ && feed().has_newer(sent_); }

    // The newest there is, which counts as sent from now on.
    media::FramePtr take() noexcept;
    // What was taken went out, in a part of so many octets.
    void count_sent(SteadyTime now, std::size_t octets) noexcept;
    // What was sent last is news once more: that shows whether the peer is there.
    void repeat() noexcept;

  private:
    Task read();
    // What is queued is the wall's, and of no tile alone: what went out counts as acknowledged.
    camera::Viewing::Progress progress() const noexcept override;

    AskedTile asked_;
    endpoints::CameraPtr camera_;  // outlives the view of it
    variants::View view_;
    camera::Viewing viewing_;
    endpoints::ViewerCount::Place place_;
    camera::Feed::Interrupt interrupt_;
    std::function<void()> ring_;
    // Editions: rung for, known to the peer, and of what was taken last.
    std::uint64_t rung_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t sent_octets_ = 0;
    bool is_new_ = false;  // what was taken last is no repetition
    bool over_ = false;
    bool dropped_ = false;
};

}  // namespace onlooker::wall
