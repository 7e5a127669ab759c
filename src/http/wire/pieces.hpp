// Octets to be sent that lie in several places, and how far they have been sent.
//
// Owner: whoever sends; the octets, and the list of pieces, belong to others and outlive it.
// Thread: one at a time.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace onlooker::http {

// Like iovec, const-correct.
using ConstBytes = std::span<const std::byte>;

inline ConstBytes bytes_of(std::string_view text) noexcept {
    return std::as_bytes(std::span(text.data(), text.size()));
}

// What is left of a run of pieces while it is sent.
class Remaining {
  public:
    // Of pieces, in one call of Transport::try_write().
    static constexpr std::size_t most_at_once = 8;

    explicit Remaining(std::span<const ConstBytes> pieces) noexcept;

    bool empty() const noexcept { return pieces_.empty(); }

    // What to send next. Valid until next() or drop() is called.
    std::span<const ConstBytes> next() noexcept;

    // What to send next, as one run of at most `scratch.size()` octets unless a piece is longer:
    // where it lies if one piece fills it or is the last, and copied into `scratch` otherwise.
    ConstBytes gathered(std::span<std::byte> scratch) const noexcept;

    // So many octets have been sent.
    void drop(std::size_t octets) noexcept;

  private:
    void skip_empty() noexcept;

    std::span<const ConstBytes> pieces_;
    std::size_t offset_ = 0;  // into the first one
    std::array<ConstBytes, most_at_once> next_{};
};

}  // namespace onlooker::http
