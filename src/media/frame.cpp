#include "media/frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <numeric>

namespace onlooker::media {

namespace {

using Pieces = std::span<const std::span<const std::byte>>;

// The header's three lines, which fit with any length and any time. Written by hand: for one viewer
// a formatting library's code, out of the caches since the frame before, made a picture 5 us older.
class HeaderText {
  public:
    HeaderText(std::size_t jpeg_size, const Stamps& stamps) {
        using std::chrono::floor;
        const auto since_epoch = floor<std::chrono::microseconds>(stamps.wall.time_since_epoch());
        const auto seconds = floor<std::chrono::seconds>(since_epoch);
        append("Content-Type: image/jpeg\r\nContent-Length: ");
        append(jpeg_size);
        append("\r\nX-Timestamp: ");
        append(seconds.count());
        append(".");
        append_six_digits((since_epoch - seconds).count());
        append("\r\n\r\n");
    }

    std::string_view view() const noexcept { return {text_.data(), size_}; }

  private:
    void append(std::string_view text) noexcept {
        std::ranges::copy(text, text_.data() + size_);
        size_ += text.size();
    }
    void append(std::integral auto number) noexcept {
        char* const end = text_.data() + text_.size();
        size_ = static_cast<std::size_t>(std::to_chars(text_.data() + size_, end, number).ptr -
                                         text_.data());
    }
    void append_six_digits(long microseconds) noexcept {
        for (long unit = 100'000; unit > 0; unit /= 10)
            text_[size_++] = static_cast<char>('0' + microseconds / unit % 10);
    }

    std::array<char, 160> text_{};
    std::size_t size_ = 0;
};

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
    const HeaderText text(jpeg_size_, description.stamps);
    const std::string_view header = text.view();
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
