// A clip on its way to its reader: takes frames from the source, has them muxed, and sends the file
// while it grows. What the connection holds back waits in the source's queue; besides it a clip has
// in memory what the muxer keeps back (muxer.hpp) and one piece of the file.
//
// The file is finished when the time is up, when the camera goes for good, and when the server
// ends. A reader that goes, or takes nothing for the time that is said for streams, ends it where
// it is.
//
// Owner: the connection, through StreamBody. Thread: the loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/awaitable.hpp"
#include "base/bell.hpp"
#include "base/clock.hpp"
#include "base/limited_log.hpp"
#include "base/task.hpp"
#include "clips/clip_module.hpp"
#include "clips/clip_source.hpp"
#include "clips/muxer.hpp"
#include "http/message/stream_body.hpp"

namespace onlooker::clips {

class ClipStream final : public http::StreamBody {
  public:
    struct Settings {
        Format format = Format::mkv;
        bool is_time_lapse = false;
        std::shared_ptr<LimitedLog> log;  // of clips that have ended
    };

    // `source` has begun, and ends when this lets go of it.
    ClipStream(Executor executor, const ClipModule& module, std::shared_ptr<ClipSource> source,
               Settings settings);
    ClipStream(const ClipStream&) = delete;
    ClipStream& operator=(const ClipStream&) = delete;
    ~ClipStream() override;

    Awaitable<> run(http::StreamConnection& connection) override;

  private:
    Awaitable<> record(http::StreamConnection& connection);
    Awaitable<bool> send(http::StreamConnection& connection);
    Task wait_for_news();
    void write(const media::Frame& frame);
    void tell(bool is_whole);

    Executor executor_;
    const ClipModule& module_;
    std::shared_ptr<ClipSource> source_;
    Settings settings_;
    Bell bell_;
    std::vector<std::byte> file_;     // what was muxed and not sent yet
    std::unique_ptr<Muxer> muxer_;    // made for the first frame
    SteadyTime first_{};              // frame, captured
    SteadyClock::duration length_{};  // so far
    std::uint64_t frames_ = 0;
    std::uint64_t octets_ = 0;
};

}  // namespace onlooker::clips
