#include "wall/wall_stream.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/clock.hpp"
#include "media/frame.hpp"
#include "media/part_head.hpp"

namespace onlooker::wall {

namespace {

using Outcome = http::IoResult::Outcome;

// As endpoints/stream.cpp has it: what has not left can still be a newer frame.
constexpr int unsent_low_water = 16 * 1024;

std::string boundary_line() {
    return fmt::format("{}{}{}", media::before_boundary, media::Frame::common_boundary,
                       media::after_boundary);
}

std::string head_of(const media::Frame& frame, std::string_view camera) {
    media::PartHead head(frame.jpeg().size());
    head.with_timestamp(frame.stamps().wall);
    return fmt::format("{}{}X-Camera: {}\r\nX-Frame: {}\r\n\r\n", head.fields(), frame.fields(),
                       camera, frame.is_card() ? 0 : frame.number());
}

}  // namespace

WallStream::WallStream(Executor executor, const endpoints::StreamSettings& settings,
                       std::shared_ptr<Walls> walls)
    : executor_(executor),
      stalls_(settings.stalls),
      walls_(std::move(walls)),
      id_(walls_->enter(*this)),
      slow_wire_(executor, settings.no_progress_limit, leaving_) {}

WallStream::~WallStream() {
    show({});
    walls_->leave(id_);
}

void WallStream::show(Tiles tiles) {
    const Tiles before = std::exchange(tiles_, std::move(tiles));
    for (const auto& tile : before)
        if (std::ranges::find(tiles_, tile) == tiles_.end())
            tile->drop();
    turn_ = 0;
    for (const auto& tile : tiles_)
        if (std::ranges::find(before, tile) == before.end())
            tile->begin([this] { bell_.ring(); });
}

std::shared_ptr<Tile> WallStream::find(const AskedTile& asked) const {
    const auto found = std::ranges::find_if(
        tiles_, [&asked](const auto& tile) { return !tile->is_over() && tile->asked() == asked; });
    return found == tiles_.end() ? nullptr : *found;
}

std::string WallStream::preamble() {
    const std::string line = boundary_line();
    return line.substr(line.find("--"));
}

Awaitable<> WallStream::run(http::StreamConnection& connection) {
    transport_ = &connection.transport();
    ::setsockopt(transport_->socket().native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                 &unsent_low_water, sizeof unsent_low_water);
    connection.on_leave([this] {
        leaving_ = true;
        slow_wire_.leave();
        bell_.ring();
    });
    co_await onlooker::run(executor_, send());
    connection.on_leave({});
}

std::shared_ptr<Tile> WallStream::next_with_news() {
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
        const std::size_t place = (turn_ + i) % tiles_.size();
        if (!tiles_[place]->has_news())
            continue;
        turn_ = place + 1;
        return tiles_[place];
    }
    return nullptr;
}

Task WallStream::send() {
    const auto has_news = [](const auto& tile) { return tile->has_news(); };
    while (!ends()) {
        if (std::ranges::none_of(tiles_, has_news)) {
            co_await bell_;
            continue;
        }
        if (queue_.must_look()) {
            const auto wait = slow_wire_.look(*transport_, queue_);
            if (wait > SteadyClock::duration::zero())
                co_await slow_wire_.wait_until_free(*transport_, queue_, wait);
            see_how_it_went();
        }
        // Chosen now and not before: the newest at the moment the wire is free.
        std::shared_ptr<Tile> tile = ends() ? nullptr : next_with_news();
        if (tile)
            co_await send_part(std::move(tile));
    }
}

Task WallStream::send_part(std::shared_ptr<Tile> tile) {
    static const std::string line = boundary_line();
    const media::FramePtr frame = tile->take();
    head_ = head_of(*frame, tile->asked().camera);
    const std::array pieces{http::bytes_of(head_), frame->jpeg(), http::bytes_of(line)};
    const std::size_t octets = head_.size() + frame->jpeg().size() + line.size();
    const http::IoResult result = transport_->try_write(pieces);
    if (result.outcome == Outcome::failed) {
        peer_is_gone_ = true;
        co_return;
    }
    if (result.octets < octets) {
        queue_.fell_short();
        co_await slow_wire_.send_rest(*transport_, frame, pieces, result.octets);
        see_how_it_went();
    }
    queue_.sent();
    if (!peer_is_gone_)
        tile->count_sent(SteadyClock::now(), octets);
}

void WallStream::see_how_it_went() {
    using Peer = endpoints::SlowWire::Peer;
    peer_is_gone_ = slow_wire_.peer() != Peer::there;
    if (slow_wire_.peer() == Peer::takes_nothing)
        stalls_->write(
            spdlog::level::info, "a wall of {} cameras took nothing for {:.0f} s and is let go",
            tiles_.size(), std::chrono::duration<double>(slow_wire_.no_progress_limit()).count());
}

void WallStream::peer_finished() {
    const auto shows = [](const auto& tile) { return !tile->is_over() && tile->feed().showing(); };
    const auto shown = std::ranges::find_if(tiles_, shows);
    if (shown == tiles_.end())
        peer_is_gone_ = true;
    else
        (*shown)->repeat();
    bell_.ring();
}

}  // namespace onlooker::wall
