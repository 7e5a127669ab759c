#include "media/frame.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <numeric>

namespace onlooker::media {

namespace {

using Pieces = std::span<const std::span<const std::byte>>;

// Long enough for the three lines with any length and any time.
using HeaderText = std::array<char, 160>;

std::string_view write_header(HeaderText& text, std::size_t jpeg_size, const Stamps& stamps) {
    using std::chrono::floor;
    const auto since_epoch = floor<std::chrono::microseconds>(stamps.wall.time_since_epoch());
    const auto seconds = floor<std::chrono::seconds>(since_epoch);
    const auto end = fmt::format_to_n(text.data(), text.size(),
                                      "Content-Type: image/jpeg\r\n"
                                      "Content-Length: {}\r\n"
                                      "X-Timestamp: {}.{:06}\r\n"
                                      "\r\n",
                                      jpeg_size, seconds.count(), (since_epoch - seconds).count());
    return {text.data(), end.size};
}

std::size_t total_size(Pieces pieces) {
    return std::accumulate(pieces.begin(), pieces.end(), std::size_t{0},
                           [](std::size_t sum, auto piece) { return sum + piece.size(); });
}

void append(std::vector<std::byte>& buffer, std::span<const std::byte> octets) {
    buffer.insert(buffer.end(), octets.begin(), octets.end());
}

void append(std::vector<std::byte>& buffer, std::string_view text) {
    append(buffer, std::as_bytes(std::span(text)));
}

constexpr std::string_view before_boundary = "\r\n--";
constexpr std::string_view after_boundary = "\r\n";
constexpr std::string_view next_header = "Content-Type: image/jpeg\r\n\r\n";

}  // namespace

std::shared_ptr<const Frame> Frame::make(const Description& description, Pieces jpeg) {
    // The constructor is private; a class in here may call it, so that the frame and its reference
    // count are one allocation.
    struct Made final : Frame {
        Made(const Description& made, Pieces pieces) : Frame(made, pieces) {}
    };
    return std::make_shared<const Made>(description, jpeg);
}

Frame::Frame(const Description& description, Pieces jpeg)
    : description_(description), jpeg_size_(total_size(jpeg)) {
    HeaderText text;
    const std::string_view header = write_header(text, jpeg_size_, description.stamps);
    header_size_ = header.size();
    buffer_.reserve(header_size_ + jpeg_size_ + boundary_line_size + next_header.size());
    append(buffer_, header);
    for (const auto piece : jpeg)
        append(buffer_, piece);
    append(buffer_, before_boundary);
    append(buffer_, common_boundary);
    append(buffer_, after_boundary);
    append(buffer_, next_header);
}

}  // namespace onlooker::media
