#include "media/frame.hpp"

#include <numeric>

#include "media/part_head.hpp"

namespace onlooker::media {

namespace {

constexpr std::string_view head_end = "\r\n";

using Pieces = std::span<const std::span<const std::byte>>;

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
    PartHead head(jpeg_size_);
    head.with_timestamp(description.stamps.wall);
    fields_begin_ = head.fields().size();
    header_size_ = head.fields().size() + description.fields.size() + header_end_size;
    description_.fields = {};  // which refers to the caller's
    buffer_.reserve(header_size_ + jpeg_size_ + boundary_line_size +
                    part_head_without_length.size());
    append(buffer_, head.fields());
    append(buffer_, description.fields);
    append(buffer_, head_end);
    for (const auto piece : jpeg)
        append(buffer_, piece);
    append(buffer_, before_boundary);
    append(buffer_, common_boundary);
    append(buffer_, after_boundary);
    append(buffer_, part_head_without_length);
}

}  // namespace onlooker::media
