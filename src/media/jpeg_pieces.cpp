#include "media/jpeg_pieces.hpp"

#include <utility>

namespace onlooker::media {

JpegError JpegPieces::keep_until(std::size_t end) noexcept {
    const std::size_t begin = std::exchange(kept_until_, end);
    return add(picture_.subspan(begin, end - begin));
}

JpegError JpegPieces::insert(std::size_t before, Octets segment) noexcept {
    return replace(before, before, segment);
}

JpegError JpegPieces::replace(std::size_t begin, std::size_t end, Octets replacement) noexcept {
    if (const JpegError error = keep_until(begin); error != JpegError::none)
        return error;
    kept_until_ = end;
    return add(replacement);
}

JpegError JpegPieces::add(Octets piece) noexcept {
    if (piece.empty())
        return JpegError::none;
    if (count_ == most)
        return JpegError::too_many_pieces;
    pieces_[count_++] = piece;
    return JpegError::none;
}

}  // namespace onlooker::media
