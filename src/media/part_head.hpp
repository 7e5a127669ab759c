// The words of multipart: the head of a part, and the line between two parts.
//
//     Content-Type: image/jpeg CRLF
//     Content-Length: N CRLF
//     X-Timestamp: seconds.micros CRLF          (when the picture was taken)
//     CRLF
//
// Written by hand and not with fmt: a formatting library's code, which has left the caches since
// the frame before, made a single viewer's picture 5 us older.
//
// Plain values. Thread: any.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace onlooker::media {

// A boundary line is all three; the line end before it belongs to it (RFC 2046, section 5.1.1).
inline constexpr std::string_view before_boundary = "\r\n--";
inline constexpr std::string_view after_boundary = "\r\n";

// The head that format "ahead" sends before the length of its picture is known.
inline constexpr std::string_view part_head_without_length = "Content-Type: image/jpeg\r\n\r\n";

// Of a card (Frame::is_card): it is no picture of the camera, but says why there is none.
inline constexpr std::string_view card_field = "X-Picture-Card: 1\r\n";

class PartHead {
  public:
    // `length` is in octets, of what follows the head.
    explicit PartHead(std::size_t length) noexcept;

    PartHead& with_timestamp(std::chrono::system_clock::time_point captured) noexcept;

    // Without the empty line at the end, so that other fields may follow.
    std::string_view fields() const noexcept { return {text_.data(), size_}; }
    // With it.
    std::string_view whole() noexcept;

  private:
    void append(std::string_view text) noexcept;
    void append(std::integral auto number) noexcept;
    void append_six_digits(long microseconds) noexcept;

    // Holds any length and any time.
    std::array<char, 160> text_{};
    std::size_t size_ = 0;
};

}  // namespace onlooker::media
