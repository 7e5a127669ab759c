// How the parts of one viewer's stream are laid out: which format, which boundary.
//
// Chromium and Safari paint a part only when the head of the next one has arrived; FFmpeg, go2rtc
// and Mainsail need a Content-Length with each part. No single format suits both, so it is chosen
// for each viewer (measured, see the table in the page at /, "Formats"):
//
//   length   head with Content-Length, picture, boundary            everybody but an <img> of
//                                                                   Chromium or Safari
//   ahead    picture, boundary, head of the next part               that <img>
//   padded   as ahead, with a Content-Length announced beforehand   both at once, where one cannot
//            and the picture filled up with zeros to that length    know: +10 % octets
//
// A part is a few pieces that point into the frame's buffer and into constants, written together.
//
// Owner and thread: one stream, on the loop.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.hpp"
#include "http/transport.hpp"
#include "media/frame.hpp"

namespace onlooker::endpoints {

enum class PartFormat : std::uint8_t { length, ahead, padded };

std::string_view to_string(PartFormat format) noexcept;

// The format that a client asked for (`format`, or uStreamer's `advance_headers`), or that it is
// known to need by its User-Agent and Accept fields.
PartFormat choose_format(const http::Request& request) noexcept;

class PartLayout {
  public:
    // The parts of uStreamer's options that change what is sent.
    struct Options {
        PartFormat format = PartFormat::length;
        std::string boundary{media::Frame::common_boundary};
        bool extra_headers = false;  // uStreamer's X-UStreamer-... (format length only)
        bool zero_data = false;      // heads only, for measuring (format length only)
    };

    explicit PartLayout(Options options);

    // What is sent with the response head: the first boundary, and in format "ahead" the first
    // head.
    std::string preamble() const;

    struct Context {
        bool online = true;     // for the extra headers: pictures come
        unsigned own_rate = 0;  // for the extra headers: frames per second of this viewer
    };
    struct Part {
        // In order; good until the next call, and as long as the frame lives.
        std::span<const http::ConstBytes> pieces;
        std::size_t octets = 0;  // of all pieces together
        // False in format "padded" when the frame did not fit the length that was announced: the
        // part repeats the one before, announces more, and the frame is to be laid out again.
        bool shows_frame = true;
    };
    Part next(const media::FramePtr& frame, const Context& context);

    // Where the part is the same for everybody, it lies ready in the frame.
    enum class Ready : std::uint8_t { no, part, part_ahead };
    Ready ready() const noexcept;
    // `whole` holds the one piece, and must live as long as the part.
    static Part ready_part(const media::Frame& frame, Ready ready, http::ConstBytes& whole);

    const Options& options() const noexcept { return options_; }

  private:
    void add(std::string_view text);
    void add_zeros(std::size_t count);
    void lay_out_length(const media::Frame& frame, const Context& context);
    void lay_out_ahead(const media::Frame& frame);
    bool lay_out_padded(const media::FramePtr& frame);
    std::size_t length_to_announce(std::size_t newest) noexcept;

    static constexpr std::size_t sizes_remembered = 30;

    Options options_;
    bool common_boundary_;
    std::string tail_;  // CRLF, boundary line, and in format "ahead" the next head
    std::string head_;  // made for this viewer
    std::vector<http::ConstBytes> pieces_;
    http::ConstBytes whole_;  // a part that lies ready
    // Format "padded".
    std::size_t announced_ = 0;
    media::FramePtr previous_;
    std::array<std::size_t, sizes_remembered> sizes_{};
    std::size_t next_size_ = 0;
};

}  // namespace onlooker::endpoints
