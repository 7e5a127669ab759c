// A frame: one picture, immutable, numbered, stamped, and laid out for the wire once.
//
// The buffer holds, one behind the other,
//
//     Content-Type: image/jpeg CRLF              .
//     Content-Length: N CRLF                      | header
//     X-Timestamp: seconds.micros CRLF            |
//     fields of the description, if any, CRLF    '
//     N octets of JPEG                             jpeg
//     CRLF --boundarydonotcross CRLF             .  tail
//     Content-Type: image/jpeg CRLF CRLF         '
//
// so that the two formats that nearly all viewers get are one contiguous range each: format
// "length" is header, jpeg and the first line of the tail; format "ahead" is jpeg and the whole
// tail. A viewer costs one send and no copy in user space. Other boundaries, and the padded format,
// are gathered from the same buffer and a constant (endpoints/part_layout.hpp).
//
// Owner: shared; freed by its last owner. Thread: made on the capture thread, read on the loop. It
// never changes: what the loop learns about a frame goes into the frame log.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "media/planes.hpp"

namespace onlooker::media {

// When a frame passed each point of its way, on the monotonic clock unless said otherwise.
struct Stamps {
    SteadyTime captured;  // as the device says; else the same as `taken`
    SteadyTime taken;     // the driver yielded it
    SteadyTime ready;     // checked or encoded, but not yet laid out for the wire
    std::chrono::system_clock::time_point wall;  // `captured` on the wall clock
};

class Frame {
  public:
    // The boundary on the routes of mjpg-streamer and uStreamer.
    static constexpr std::string_view common_boundary = "boundarydonotcross";

    struct Description {
        std::uint64_t number = 0;  // counts from 1 per camera, never repeats while the program runs
        unsigned width = 0;
        unsigned height = 0;
        Stamps stamps;
        bool is_card = false;  // a card drawn by us that says why there is no picture
        PlanesPtr planes{};    // what the JPEG was encoded from, if it was kept
        // More fields of the part's header, each with its line end: of cards (card_field), and of
        // frames that are made of another one (variant_maker.hpp). Copied.
        std::string_view fields{};
    };

    // Copies the picture, given as pieces that follow each other, into a buffer of the exact size.
    static std::shared_ptr<const Frame> make(const Description& description,
                                             std::span<const std::span<const std::byte>> jpeg);

    std::uint64_t number() const noexcept { return description_.number; }
    unsigned width() const noexcept { return description_.width; }
    unsigned height() const noexcept { return description_.height; }
    const Stamps& stamps() const noexcept { return description_.stamps; }
    bool is_card() const noexcept { return description_.is_card; }
    // The same picture before it was encoded; null where the camera gave a JPEG, and while nobody
    // wanted them (CaptureThread::want_planes).
    const PlanesPtr& planes() const noexcept { return description_.planes; }
    // Those of the description, as they stand in the header of its part.
    std::string_view fields() const noexcept {
        return {reinterpret_cast<const char*>(buffer_.data()) + fields_begin_,
                header_size_ - header_end_size - fields_begin_};
    }

    std::span<const std::byte> jpeg() const noexcept {
        return std::span(buffer_).subspan(header_size_, jpeg_size_);
    }
    // A whole part of format "length" with the common boundary behind it.
    std::span<const std::byte> part() const noexcept {
        return std::span(buffer_).first(header_size_ + jpeg_size_ + boundary_line_size);
    }
    // The same without the boundary line.
    std::span<const std::byte> part_without_boundary() const noexcept {
        return std::span(buffer_).first(header_size_ + jpeg_size_);
    }
    // A whole part of format "ahead": the picture, the common boundary, the next part's header.
    std::span<const std::byte> part_ahead() const noexcept {
        return std::span(buffer_).subspan(header_size_);
    }

  private:
    static constexpr std::size_t boundary_line_size = 2 + 2 + common_boundary.size() + 2;
    static constexpr std::size_t header_end_size = 2;

    Frame(const Description& description, std::span<const std::span<const std::byte>> jpeg);

    Description description_;
    std::size_t fields_begin_ = 0;
    std::size_t header_size_ = 0;
    std::size_t jpeg_size_ = 0;
    std::vector<std::byte> buffer_;
};

using FramePtr = std::shared_ptr<const Frame>;

}  // namespace onlooker::media
