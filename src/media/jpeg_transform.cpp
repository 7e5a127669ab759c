#include "media/jpeg_transform.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "media/jpeg_coefficients.hpp"
#include "media/turbo.hpp"

namespace onlooker::media {

namespace {

const unsigned char* octets(std::span<const std::byte> jpeg) noexcept {
    return reinterpret_cast<const unsigned char*>(jpeg.data());
}

// In the order of EXIF's orientations.
constexpr std::array operations{TJXOP_NONE,      TJXOP_HFLIP, TJXOP_ROT180,     TJXOP_VFLIP,
                                TJXOP_TRANSPOSE, TJXOP_ROT90, TJXOP_TRANSVERSE, TJXOP_ROT270};

struct Header {
    bool is_grey = false;
    PictureSize size;
    PictureSize block;  // what is moved as a whole, with all components
};

// What is left of the source where only whole blocks can be moved. Without chroma they are those of
// the luma.
PictureSize whole_part(const Header& header, const JpegTransform::What& what) noexcept {
    constexpr PictureSize luma_block{8, 8};
    const PictureSize block = what.grey ? luma_block : header.block;
    PictureSize size = header.size;
    if (reverses_columns(what.lay))
        size.width -= size.width % block.width;
    if (reverses_rows(what.lay))
        size.height -= size.height % block.height;
    return size;
}

bool is_too_large(const Header& header) noexcept {
    return std::uint64_t{header.size.width} * header.size.height > most_pixels_in_coefficients;
}

// What is cut out behind the turn, as TurboJPEG has it. It insists on a corner that stands at a
// block of the source, also where a turn has swapped the sides of these; the blocks themselves
// begin at each larger one of the two. All are powers of two.
Recipe::Crop whole_blocks(const JpegTransform::What& what, PictureSize whole, PictureSize block) {
    Recipe::Crop part = laid(bounded(what.part, whole), what.lay, whole);
    const PictureSize turned = laid(block, what.lay);
    const unsigned left_over = part.x % std::max(block.width, turned.width);
    const unsigned top_over = part.y % std::max(block.height, turned.height);
    return {.x = part.x - left_over,
            .y = part.y - top_over,
            .width = part.width + left_over,
            .height = part.height + top_over};
}

}  // namespace

struct JpegTransform::Turbo {
    TurboHandle handle{tjInitTransform()};
    TurboBuffer buffer;
    unsigned long size = 0;

    std::optional<Header> header_of(std::span<const std::byte> jpeg) const {
        int width = 0;
        int height = 0;
        int sampling = -1;
        int colours = 0;
        if (tjDecompressHeader3(handle.get(), octets(jpeg), jpeg.size(), &width, &height, &sampling,
                                &colours) != 0 ||
            sampling < 0)
            return std::nullopt;
        return Header{.is_grey = sampling == TJSAMP_GRAY,
                      .size = {static_cast<unsigned>(width), static_cast<unsigned>(height)},
                      .block = {static_cast<unsigned>(tjMCUWidth[sampling]),
                                static_cast<unsigned>(tjMCUHeight[sampling])}};
    }
};

JpegTransform::JpegTransform() : turbo_(std::make_unique<Turbo>()) {
    if (!turbo_->handle)
        throw std::bad_alloc();
}

JpegTransform::~JpegTransform() = default;

bool JpegTransform::is_grey(std::span<const std::byte> jpeg) {
    const auto header = turbo_->header_of(jpeg);
    return header && header->is_grey;
}

bool JpegTransform::is_exact(std::span<const std::byte> jpeg, const What& what) {
    const auto header = turbo_->header_of(jpeg);
    return header && !is_too_large(*header) && !what.part &&
           whole_part(*header, what) == header->size;
}

JpegTransform::Result JpegTransform::run(std::span<const std::byte> jpeg, const What& what) {
    const auto header = turbo_->header_of(jpeg);
    if (!header)
        return {.jpeg = {}, .size = {}, .error = tjGetErrorStr2(turbo_->handle.get())};
    if (is_too_large(*header))
        return {.jpeg = {},
                .size = {},
                .error = "it has more than 33 megapixels, whose coefficients take too much memory"};
    const PictureSize whole = whole_part(*header, what);
    if (whole.width == 0 || whole.height == 0)
        return {.jpeg = {}, .size = {}, .error = "it is smaller than a block of a JPEG"};
    tjtransform how{};
    how.op = operations[orientation_of(what.lay) - 1];
    how.options = TJXOPT_TRIM | TJXOPT_COPYNONE | (what.grey ? TJXOPT_GRAY : 0);
    PictureSize size = laid(whole, what.lay);
    if (what.part) {
        const Recipe::Crop part = whole_blocks(what, whole, header->block);
        how.options |= TJXOPT_CROP;
        how.r = {.x = static_cast<int>(part.x),
                 .y = static_cast<int>(part.y),
                 .w = static_cast<int>(part.width),
                 .h = static_cast<int>(part.height)};
        size = {part.width, part.height};
    }
    // TurboJPEG takes the buffer that it made last, and a larger one where it has to.
    unsigned char* out = turbo_->buffer.release();
    const int status = tjTransform(turbo_->handle.get(), octets(jpeg), jpeg.size(), 1, &out,
                                   &turbo_->size, &how, 0);
    turbo_->buffer.reset(out);
    if (std::string error = turbo_error(turbo_->handle.get(), status); !error.empty()) {
        // One that stopped at nothing has a buffer of no size, which TurboJPEG would forget.
        turbo_->buffer.reset();
        turbo_->size = 0;
        return {.jpeg = {}, .size = {}, .error = std::move(error)};
    }
    return {.jpeg = std::as_bytes(std::span(out, turbo_->size)), .size = size, .error = {}};
}

}  // namespace onlooker::media
