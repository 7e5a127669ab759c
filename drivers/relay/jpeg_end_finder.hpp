// Finds the end of a JPEG while its octets arrive, without decoding and without keeping any.
//
// Upstreams that send no Content-Length leave two ways to know that a picture is whole: wait for
// the boundary, which many send only with the next picture (a whole frame too late), or walk the
// picture itself. This walks: segments are skipped by their length, so that a thumbnail's end mark
// inside an APP segment, or a boundary inside a comment, is never mistaken for the real thing; in
// the scans only markers count, and what stands between segments is passed over as decoders do
// (jpeg_check.hpp). Splits of the input do not matter.
//
// A picture that was cut off in a scan, which is where nearly all of its octets are, shows by the
// delimiter line behind it; the finder looks for that line in scans and between segments.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace onlooker::drivers {

class JpegEndFinder {
  public:
    enum class Status : std::uint8_t {
        more,    // no end yet
        end,     // the octet before `used` was the last of the picture
        torn,    // at `used` the delimiter begins, and the picture has no end
        broken,  // the octet at `used` cannot stand there in a JPEG
    };
    struct Result {
        Status status;
        // Octets of this call's input that were taken. With `more` it may be less than all: the
        // rest could be the beginning of a delimiter, and has to be given again with what follows.
        std::size_t used;
    };

    JpegEndFinder() = default;
    // `delimiter` holds no octet FF and begins with an end of line; empty: there is none.
    explicit JpegEndFinder(std::string delimiter) : delimiter_(std::move(delimiter)) {}

    // The picture's next octets, from its start mark FF D8 on. Not to be called again after
    // anything but `more`.
    Result feed(std::span<const std::byte> octets) noexcept;

  private:
    enum class State : std::uint8_t {
        start_first,   // FF of the start mark
        start_second,  // D8 of the start mark
        marker_first,  // FF of any marker, or what decoders pass over
        marker_code,   // what follows it, after any number of further FF
        length_high,
        length_low,
        payload,      // remaining_ octets of the segment
        scan,         // entropy-coded data
        scan_marker,  // after an FF in it
        done,
    };

    std::size_t skip_payload(std::size_t available) noexcept;
    Result pass_scan(std::span<const std::byte> octets) const noexcept;
    std::size_t delimiter_begun_at(std::span<const std::byte> run) const noexcept;
    Status feed_octet(std::uint8_t octet) noexcept;
    Status feed_length(std::uint8_t low) noexcept;
    Status feed_marker_code(std::uint8_t octet) noexcept;
    Status feed_scan_marker(std::uint8_t octet) noexcept;

    std::string delimiter_;
    State state_ = State::start_first;
    std::uint8_t marker_ = 0;
    std::size_t remaining_ = 0;
};

}  // namespace onlooker::drivers
