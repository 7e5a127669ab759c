// How the parts of one viewer's stream are laid out, by format (part_format.hpp) and boundary.
//
// With the common boundary, formats "length" and "ahead" are one piece that lies ready in the
// frame. Any other part is a few pieces that point into the frame's buffer and into text that is
// made for this viewer, written together.
//
// Owner and thread: one stream, on the loop.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "camera/viewing.hpp"
#include "endpoints/part_format.hpp"
#include "http/wire/transport.hpp"
#include "media/frame.hpp"

namespace onlooker::endpoints {

class PartLayout {
  public:
    // The parts of uStreamer's options that change what is sent.
    struct Settings {
        PartFormat format = PartFormat::length;
        std::string boundary{media::Frame::common_boundary};
        bool extra_headers = false;  // uStreamer's X-UStreamer-... (format length only)
        bool zero_data = false;      // heads only, for measuring (format length only)
        // Not null: the size follows the viewer's link, and each head says the size and the step.
        std::shared_ptr<const camera::AutoStep> auto_step{};
    };

    explicit PartLayout(Settings settings);
    PartLayout(const PartLayout&) = delete;
    PartLayout& operator=(const PartLayout&) = delete;
    ~PartLayout();

    // What is sent with the response head: the first boundary, and in format "ahead" the first
    // head.
    std::string preamble() const;

    struct Context {
        bool online = true;     // for the extra headers: pictures come
        unsigned own_rate = 0;  // for the extra headers: frames per second of this viewer
    };
    // False: whatever next() is told of the context, the part is the same.
    bool needs_context() const noexcept { return needs_context_; }

    class Part {
      public:
        // In order, one at least; good until the next call of next(), and as long as the frame and
        // this part live.
        std::span<const http::ConstBytes> pieces() const& noexcept {
            return gathered_.empty() ? std::span(&whole_, 1) : gathered_;
        }
        void pieces() const&& = delete;
        // Of all pieces together.
        std::size_t octets() const noexcept { return octets_; }
        // False in format "padded" when the frame did not fit the length that was announced: the
        // part repeats the one before, announces more, and the frame is to be laid out again.
        bool shows_frame() const noexcept { return shows_frame_; }

      private:
        friend class PartLayout;
        explicit Part(http::ConstBytes whole) noexcept : whole_(whole), octets_(whole.size()) {}
        Part(std::span<const http::ConstBytes> gathered, bool shows_frame) noexcept;

        http::ConstBytes whole_;  // lies ready in the frame
        std::span<const http::ConstBytes> gathered_;
        std::size_t octets_ = 0;
        bool shows_frame_ = true;
    };
    // For nearly all viewers the part lies ready in the frame, and this is all there is to it: no
    // look at any memory but this object and the frame.
    Part next(const media::FramePtr& frame, const Context& context) {
        if (own_)
            return next_own(frame, context);
        return Part(ahead_ ? frame->part_ahead() : frame->part());
    }

  private:
    class OwnParts;

    Part next_own(const media::FramePtr& frame, const Context& context);

    std::unique_ptr<OwnParts> own_;  // where the part is not the same for everybody
    bool ahead_;
    bool needs_context_;
};

}  // namespace onlooker::endpoints
