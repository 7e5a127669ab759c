#include "media/jpeg_transform.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <optional>

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
    unsigned width = 0;
    unsigned height = 0;
    unsigned block_width = 0;
    unsigned block_height = 0;
};

// What is left of the source where only whole blocks can be moved.
PictureSize whole_part(const Header& header, Lay lay) noexcept {
    PictureSize size{header.width, header.height};
    if (reverses_columns(lay))
        size.width -= size.width % header.block_width;
    if (reverses_rows(lay))
        size.height -= size.height % header.block_height;
    return size;
}

Recipe::Crop whole_blocks(Recipe::Crop part, const Header& header, PictureSize within) noexcept {
    if (!part)
        return {.x = 0, .y = 0, .width = within.width, .height = within.height};
    const unsigned x = std::min(part.x, within.width - 1);
    const unsigned y = std::min(part.y, within.height - 1);
    const unsigned right = std::min(part.x + part.width, within.width);
    const unsigned bottom = std::min(part.y + part.height, within.height);
    part.x = x - x % header.block_width;
    part.y = y - y % header.block_height;
    part.width = std::max(right, part.x + 1) - part.x;
    part.height = std::max(bottom, part.y + 1) - part.y;
    return part;
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
        return Header{.width = static_cast<unsigned>(width),
                      .height = static_cast<unsigned>(height),
                      .block_width = static_cast<unsigned>(tjMCUWidth[sampling]),
                      .block_height = static_cast<unsigned>(tjMCUHeight[sampling])};
    }
};

JpegTransform::JpegTransform() : turbo_(std::make_unique<Turbo>()) {
    if (!turbo_->handle)
        throw std::bad_alloc();
}

JpegTransform::~JpegTransform() = default;

bool JpegTransform::is_exact(std::span<const std::byte> jpeg, const What& what) {
    const auto header = turbo_->header_of(jpeg);
    return header && !what.part &&
           whole_part(*header, what.lay) == PictureSize{header->width, header->height};
}

JpegTransform::Result JpegTransform::run(std::span<const std::byte> jpeg, const What& what) {
    const auto header = turbo_->header_of(jpeg);
    if (!header)
        return {.jpeg = {}, .size = {}, .error = tjGetErrorStr2(turbo_->handle.get())};
    const PictureSize whole = whole_part(*header, what.lay);
    if (whole.width == 0 || whole.height == 0)
        return {.jpeg = {}, .size = {}, .error = "it is smaller than a block of a JPEG"};
    // TurboJPEG cuts behind the turn.
    const Recipe::Crop part = laid(whole_blocks(what.part, *header, whole), what.lay, whole);
    tjtransform how{};
    how.op = operations[orientation_of(what.lay) - 1];
    how.options = TJXOPT_TRIM | TJXOPT_COPYNONE | (what.grey ? TJXOPT_GRAY : 0);
    if (what.part) {
        how.options |= TJXOPT_CROP;
        how.r = {.x = static_cast<int>(part.x),
                 .y = static_cast<int>(part.y),
                 .w = static_cast<int>(part.width),
                 .h = static_cast<int>(part.height)};
    }
    // TurboJPEG takes the buffer that it made last, and a larger one where it has to.
    unsigned char* out = turbo_->buffer.release();
    const int status = tjTransform(turbo_->handle.get(), octets(jpeg), jpeg.size(), 1, &out,
                                   &turbo_->size, &how, 0);
    turbo_->buffer.reset(out);
    if (status != 0)
        return {.jpeg = {}, .size = {}, .error = tjGetErrorStr2(turbo_->handle.get())};
    return {.jpeg = std::as_bytes(std::span(out, turbo_->size)),
            .size = {part.width, part.height},
            .error = {}};
}

}  // namespace onlooker::media
