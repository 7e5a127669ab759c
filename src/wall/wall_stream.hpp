// Many cameras on one connection: GET /wall. Browsers open six connections to a server, so that of
// seven streams the seventh would wait for ever.
//
//     feeds --newer--> Tiles --ring--> WallStream --one part at a time--> peer
//
// A part says whose picture it is:
//
//     Content-Type, Content-Length, X-Timestamp   as on every stream
//     X-Camera: yard
//     X-Frame: 1234                               its number; of a card, 0
//     X-Picture-Card: 1                           it is no picture, but says why there is none
//     X-Width, X-Height, X-Variant                where the picture is made by a recipe
//
// The rule of the queue (endpoints/queue_rule.hpp) holds for the connection: never more than one
// frame is under way, chosen when the wire is about to be free. Within it the cameras take turns,
// each with its newest frame; one that has none is passed over. So a slow peer gets fewer pictures
// of each camera, all of them fresh.
//
// Owner: the connection, through StreamBody. Thread: the loop.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "base/bell.hpp"
#include "base/limited_log.hpp"
#include "base/task.hpp"
#include "endpoints/queue_rule.hpp"
#include "endpoints/slow_wire.hpp"
#include "endpoints/stream.hpp"
#include "http/message/stream_body.hpp"
#include "wall/tile.hpp"
#include "wall/walls.hpp"

namespace onlooker::wall {

using Tiles = std::vector<std::shared_ptr<Tile>>;

class WallStream final : public http::StreamBody {
  public:
    WallStream(Executor executor, const endpoints::StreamSettings& settings,
               std::shared_ptr<Walls> walls);
    WallStream(const WallStream&) = delete;
    WallStream& operator=(const WallStream&) = delete;
    ~WallStream() override;

    // Its name in POST /wall/ID.
    const std::string& id() const noexcept { return id_; }

    // Shows these from now on. Those that are there already stay as they are, and miss nothing.
    void show(Tiles tiles);
    // Null: no such tile is there.
    std::shared_ptr<Tile> find(const AskedTile& asked) const;

    std::string preamble() override;
    Awaitable<> run(http::StreamConnection& connection) override;
    void peer_finished() override;

  private:
    Task send();
    Task send_part(std::shared_ptr<Tile> tile);
    std::shared_ptr<Tile> next_with_news();
    bool ends() const noexcept { return leaving_ || peer_is_gone_; }
    void see_how_it_went();

    Executor executor_;
    std::shared_ptr<LimitedLog> stalls_;
    std::shared_ptr<Walls> walls_;
    std::string id_;
    http::Transport* transport_ = nullptr;
    bool leaving_ = false;
    bool peer_is_gone_ = false;
    endpoints::QueueRule queue_;
    endpoints::SlowWire slow_wire_;
    Bell bell_;
    Tiles tiles_;
    std::size_t turn_ = 0;
    std::string head_;
};

}  // namespace onlooker::wall
