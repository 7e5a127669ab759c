// The conversation with one upstream: what is asked, what comes, and how long it may take.
//
// Whether a URL gives a stream or one picture at a time is not asked of the user: a response that
// brought a picture and then ended is asked for again. If it was one JPEG it was a snapshot, and is
// asked for conditionally. That the JPEG is whole is what counts, not what its carrier promised: a
// Content-Length that is too large, a last chunk that never comes and a connection that is left
// open or breaks behind the end mark cost no picture.
// Used on the capture thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "relay/http_client.hpp"
#include "relay/multipart_reader.hpp"
#include "relay/relay_settings.hpp"
#include "relay/validators.hpp"

namespace onlooker::drivers {

class Pull {
  public:
    // `via` goes into each request's field of that name.
    Pull(const RelaySettings& options, const Credentials& credentials, std::string via);

    // Asks (again). A response to what was asked before has ended.
    void ask();
    SteadyTime asked() const noexcept { return asked_; }

    // Waits for what comes next, or for a stop or a control change; minds the limits. Whether the
    // response goes on. Throws CameraError when it takes too long; how it ended is told by
    // conclude(), for there may be pictures to take before.
    bool advance(camera::CaptureContext& context);

    // The next picture that is whole. To be given back when it was passed on: its memory is used
    // again, or it is kept as the snapshot that may turn out to be unchanged.
    std::optional<MultipartReader::Frame> take();
    void give_back(MultipartReader::Frame&& frame) noexcept;

    // To be called once the response has ended and its pictures were taken: returns when it brought
    // one, or said that the last one is still the same; else throws the CameraError that says what
    // it was instead.
    void conclude();

    // Why no picture came for a while, although something does; empty otherwise.
    std::string refused() const;

    // The snapshot, when the server just said that it is still the same and no picture was passed
    // on for `time`; else null.
    const MultipartReader::Frame* unchanged_for(SteadyClock::duration time);

    // Whether the picture that was taken last is the first of its response.
    bool is_first() const noexcept { return pictures_ == 1; }
    bool is_stream() const noexcept { return reader_ && reader_->is_multipart(); }
    bool lengths_are_wrong() const noexcept { return reader_ && reader_->lengths_are_wrong(); }

  private:
    void feed_body(std::span<const std::byte> octets);
    // Whether its head rules out that more than one picture comes, as in a stream without
    // multipart.
    bool carries_one_picture() const noexcept;
    bool has_snapshot() const noexcept;
    std::chrono::milliseconds wait_behind_snapshot() const noexcept;
    void check_limits() const;
    camera::CameraError failure(camera::ErrorKind kind, const std::string& what) const;

    RelaySettings options_;
    std::string via_;
    HttpClient client_;
    std::optional<MultipartReader> reader_;  // of this response, from its body's first octet on
    std::size_t pictures_ = 0;               // in this response
    MultipartReader::Frame snapshot_;        // the last one
    bool snapshot_changed_ = false;
    Validators validators_;
    std::exception_ptr failure_;  // that ended this response
    bool hangs_ = false;          // a response did not end with its snapshot
    SteadyTime asked_{};
    SteadyTime asked_running_{};  // the same moment, and the next, on the RunningClock
    SteadyTime last_picture_{};   // came, or was asked for
    SteadyTime last_given_{};     // by take() or unchanged_for()
};

}  // namespace onlooker::drivers
