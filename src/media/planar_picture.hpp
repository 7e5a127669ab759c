// The planes that the JPEG encoder takes, made from whatever a camera delivers.
//
// Planes that fit are passed on where they lie; interleaved ones are taken apart into buffers that
// are kept for the next picture. No colour is converted, except that video range is
// stretched to full range, row by row, as it is copied (sample_range.hpp).
//
// Packed pictures are taken apart by libyuv, which has code for each processor: 0.053 ms for YUYV
// of 1280x720 where loops of ours took 0.095, and 0.17 instead of 0.21 with the stretching (amd64
// with AVX2; not measured on arm64). The octets are the same. Pairs of chroma (NV12) are ours:
// 0.009 ms against 0.006.
//
// Owner and thread: the encoder, on the capture thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "media/raw_image.hpp"

namespace onlooker::media {

enum class ChromaSampling : std::uint8_t { grey, s420, s422, s444 };

class PlanarPicture {
  public:
    struct PlaneView {
        const unsigned char* data = nullptr;
        int stride = 0;  // octets
    };

    // Loads a picture of a YCbCr or grey format that check_planes() found good. Chroma that is
    // finer than `wanted` is thinned out; coarser chroma stays as it is.
    void load(const RawImage& image, ChromaSampling wanted);

    ChromaSampling sampling() const noexcept { return sampling_; }
    const std::array<PlaneView, 3>& planes() const noexcept { return planes_; }

  private:
    void load_luma(const RawImage& image);
    void copy_luma(const RawImage& image);
    void load_packed(const RawImage& image, bool halve_rows);
    void load_pairs(const RawImage& image);
    void load_planar(const RawImage& image, bool halve_rows);
    void finish_luma(unsigned char* row, std::size_t count) const noexcept;
    void finish_chroma(unsigned char* row) const noexcept;
    unsigned char* chroma_buffer(std::size_t which, std::size_t rows);

    unsigned width_ = 0;
    unsigned height_ = 0;
    std::size_t chroma_width_ = 0;
    bool full_range_ = false;
    ChromaSampling sampling_ = ChromaSampling::grey;
    std::array<PlaneView, 3> planes_{};
    std::array<std::vector<unsigned char>, 3> buffers_;
};

// Checks that each plane is complete: no stride shorter than a row, no buffer shorter than the
// picture. Returns what is wrong, in words; empty when nothing is.
std::string_view check_planes(const RawImage& image) noexcept;

}  // namespace onlooker::media
