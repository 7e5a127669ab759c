#include "http/wire/pieces.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace onlooker::http {

Remaining::Remaining(std::span<const ConstBytes> pieces) noexcept : pieces_(pieces) {
    skip_empty();
}

std::span<const ConstBytes> Remaining::next() noexcept {
    if (pieces_.empty())
        return {};
    const std::size_t count = std::min(pieces_.size(), next_.size());
    std::ranges::copy(pieces_.first(count), next_.begin());
    next_.front() = next_.front().subspan(offset_);
    return std::span(next_).first(count);
}

ConstBytes Remaining::gathered(std::span<std::byte> scratch) const noexcept {
    const ConstBytes first = pieces_.front().subspan(offset_);
    if (pieces_.size() == 1 || first.size() >= scratch.size())
        return first;
    std::size_t size = 0;
    std::size_t offset = offset_;
    for (const ConstBytes piece : pieces_) {
        const std::size_t part = std::min(piece.size() - offset, scratch.size() - size);
        if (part > 0)
            std::memcpy(scratch.data() + size, piece.data() + offset, part);
        size += part;
        offset = 0;
    }
    return scratch.first(size);
}

void Remaining::drop(std::size_t octets) noexcept {
    while (octets > 0) {
        assert(!pieces_.empty());
        const std::size_t part = std::min(octets, pieces_.front().size() - offset_);
        octets -= part;
        offset_ += part;
        skip_empty();
    }
}

void Remaining::skip_empty() noexcept {
    while (!pieces_.empty() && offset_ == pieces_.front().size()) {
        pieces_ = pieces_.subspan(1);
        offset_ = 0;
    }
}

}  // namespace onlooker::http
