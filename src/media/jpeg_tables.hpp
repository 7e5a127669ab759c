// Which tables of a JPEG are defined so far, and whether its scans have those that they refer to.
//
// Only the lengths of a table are checked, so that no decoder reads past a segment's end; its
// values are left to the decoder (ITU-T T.81, B.2.4). Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "media/jpeg_error.hpp"

namespace onlooker::media {

// A set of Huffman tables, of either class: 0 for DC coefficients, 1 for AC coefficients.
class HuffmanSet {
  public:
    static constexpr unsigned most_number = 3;

    constexpr void add(unsigned table_class, unsigned number) noexcept {
        bits_ |= 1U << (4 * table_class + number);
    }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr HuffmanSet with(const HuffmanSet& other) const noexcept {
        HuffmanSet both;
        both.bits_ = bits_ | other.bits_;
        return both;
    }
    constexpr bool has(unsigned table_class, unsigned number) const noexcept {
        return (bits_ & 1U << (4 * table_class + number)) != 0;
    }
    constexpr bool holds(const HuffmanSet& other) const noexcept {
        return (bits_ & other.bits_) == other.bits_;
    }
    static constexpr HuffmanSet of(unsigned table_class, unsigned number) noexcept {
        HuffmanSet set;
        set.add(table_class, number);
        return set;
    }
    // The tables that a camera uses when it sends none: two of each class.
    static constexpr HuffmanSet standard() noexcept {
        HuffmanSet set;
        for (const unsigned table_class : {0U, 1U}) {
            set.add(table_class, 0);
            set.add(table_class, 1);
        }
        return set;
    }

  private:
    unsigned bits_ = 0;
};

class JpegTables {
  public:
    // The body of a DQT segment.
    JpegError define_quantisation(std::span<const std::byte> body) noexcept;
    // The body of a DHT segment.
    JpegError define_huffman(std::span<const std::byte> body) noexcept;
    // For a picture that gets these standard tables.
    void define_huffman(const HuffmanSet& inserted) noexcept { huffman_ = huffman_.with(inserted); }

    // `number` is at most 3.
    bool has_quantisation(unsigned number) const noexcept { return quantisation_[number]; }
    const HuffmanSet& huffman() const noexcept { return huffman_; }

  private:
    std::array<bool, 4> quantisation_{};
    HuffmanSet huffman_;
};

}  // namespace onlooker::media
