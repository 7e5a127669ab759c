#include "wall/tile.hpp"

#include <limits>
#include <utility>

#include "base/logging.hpp"

namespace onlooker::wall {

namespace {

// An edition that no feed has, and no frame is newer than.
constexpr auto none = std::numeric_limits<std::uint64_t>::max();

}  // namespace

Tile::Tile(AskedTile asked, endpoints::CameraPtr camera, variants::View view,
           camera::Viewing::Description description,
           std::shared_ptr<endpoints::ViewerCount> viewers, const asio::ip::address& viewer)
    : asked_(std::move(asked)),
      camera_(std::move(camera)),
      view_(std::move(view)),
      viewing_(*view_.feed, std::move(description)),
      place_(std::move(viewers), camera_->name(), viewer) {
    viewing_.observe(*this);
}

Tile::~Tile() {
    place_.leave({.frames = viewing_.frames(), .octets = sent_octets_});
}

camera::Viewing::Progress Tile::progress() const noexcept {
    return {.edition = taken_, .queued = 0, .acknowledged = sent_octets_};
}

void Tile::begin(std::function<void()> ring) {
    ring_ = std::move(ring);
    start(read(), [self = shared_from_this()](const std::exception_ptr& failure) {
        if (!failure)
            return;
        self->over_ = true;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& error) {
            logging::error("camera {}: a wall shows it no more: {}", self->feed().name(),
                           error.what());
        }
    });
}

void Tile::drop() noexcept {
    dropped_ = true;
    interrupt_.raise();
}

Task Tile::read() {
    while (!dropped_ && !feed().condition().over) {
        if (feed().has_newer(rung_)) {
            rung_ = feed().edition();
            ring_();
        } else {
            co_await view_.feed->newer(rung_, interrupt_);
        }
    }
    over_ = true;
    if (!dropped_)
        ring_();
}

media::FramePtr Tile::take() noexcept {
    is_new_ = sent_ < feed().frame_edition();
    sent_ = taken_ = feed().edition();
    return feed().showing();
}

void Tile::count_sent(SteadyTime now, std::size_t octets) noexcept {
    sent_octets_ += octets;
    if (is_new_)
        viewing_.count_frame(now);
}

void Tile::repeat() noexcept {
    sent_ = none;
}

}  // namespace onlooker::wall
