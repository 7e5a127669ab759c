#include "media/jpeg_decoder.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>

#include "media/jpeg_coefficients.hpp"
#include "media/turbo.hpp"

namespace onlooker::media {

namespace {

// Nothing: TurboJPEG gives no planes of that grid.
std::optional<ChromaGrid> grid_of(int turbo_sampling) noexcept {
    switch (turbo_sampling) {
        case TJSAMP_GRAY:
            return ChromaGrid::grey;
        case TJSAMP_420:
            return ChromaGrid::s420;
        case TJSAMP_422:
            return ChromaGrid::s422;
        case TJSAMP_440:
            return ChromaGrid::s440;
        case TJSAMP_444:
            return ChromaGrid::s444;
        default:
            return std::nullopt;
    }
}

const unsigned char* octets(std::span<const std::byte> jpeg) noexcept {
    return reinterpret_cast<const unsigned char*>(jpeg.data());
}

struct Header {
    int width = 0;
    int height = 0;
    int sampling = -1;
    int colours = -1;
};

struct PlanePointers {
    explicit PlanePointers(Planes& planes) {
        for (std::size_t i = 0; i < data.size(); ++i) {
            data[i] = planes.planes[i].samples.data();
            strides[i] = static_cast<int>(planes.planes[i].width);
        }
    }
    std::array<unsigned char*, 3> data{};
    std::array<int, 3> strides{};
};

}  // namespace

struct JpegDecoder::Turbo {
    TurboHandle decoder{tjInitDecompress()};
    TurboHandle encoder;  // of pixels to planes; made for the first picture that needs it
};

JpegDecoder::JpegDecoder() : turbo_(std::make_unique<Turbo>()) {
    if (!turbo_->decoder)
        throw std::bad_alloc();
}

JpegDecoder::~JpegDecoder() = default;

unsigned JpegDecoder::cheaper_eighths(unsigned eighths) noexcept {
    return eighths <= 2 ? eighths : eighths <= 4 ? 4 : 8;
}

void shape(Planes& planes, unsigned width, unsigned height, ChromaGrid grid) {
    planes.width = width;
    planes.height = height;
    planes.grid = grid;
    for (int i = 0; i < 3; ++i) {
        Planes::Plane& plane = planes.planes[static_cast<std::size_t>(i)];
        const bool is_there = i == 0 || grid != ChromaGrid::grey;
        const int sampling = turbo_sampling(grid);
        plane.width =
            is_there ? static_cast<unsigned>(tjPlaneWidth(i, static_cast<int>(width), sampling))
                     : 0;
        plane.height =
            is_there ? static_cast<unsigned>(tjPlaneHeight(i, static_cast<int>(height), sampling))
                     : 0;
        plane.samples.resize(std::size_t{plane.width} * plane.height);
    }
}

std::string JpegDecoder::decode(std::span<const std::byte> jpeg, unsigned eighths, bool colour,
                                Planes& into) {
    Header header;
    // A sampling that TurboJPEG has no name for is an error of the header, but can be decoded.
    const int status =
        tjDecompressHeader3(turbo_->decoder.get(), octets(jpeg), jpeg.size(), &header.width,
                            &header.height, &header.sampling, &header.colours);
    if (header.width <= 0 || header.height <= 0)
        return error_of(status);
    const tjscalingfactor factor{static_cast<int>(eighths), 8};
    const auto width = static_cast<unsigned>(TJSCALED(header.width, factor));
    const auto height = static_cast<unsigned>(TJSCALED(header.height, factor));
    const bool in_planes = header.colours == TJCS_YCbCr || header.colours == TJCS_GRAY;
    if (std::uint64_t{width} * height > most_pixels)
        return "it has more than 67 megapixels at the size that is wanted; ask for a smaller one";
    if (keeps_too_many_coefficients(jpeg, static_cast<std::uint64_t>(header.width) *
                                              static_cast<std::uint64_t>(header.height)))
        return "it has more than 33 megapixels and comes in several scans, which takes too much "
               "memory at any size";
    const auto grid = status == 0 && in_planes ? grid_of(header.sampling) : std::nullopt;
    if (!colour || grid == ChromaGrid::grey) {
        shape(into, width, height, ChromaGrid::grey);
        return decode_luma(jpeg, into);
    }
    shape(into, width, height, grid.value_or(ChromaGrid::s444));
    return grid ? decode_planes(jpeg, into) : decode_pixels(jpeg, into);
}

std::string JpegDecoder::decode_planes(std::span<const std::byte> jpeg, Planes& into) {
    PlanePointers planes(into);
    return error_of(tjDecompressToYUVPlanes(
        turbo_->decoder.get(), octets(jpeg), jpeg.size(), planes.data.data(),
        static_cast<int>(into.width), planes.strides.data(), static_cast<int>(into.height), 0));
}

std::string JpegDecoder::decode_luma(std::span<const std::byte> jpeg, Planes& into) {
    return error_of(tjDecompress2(turbo_->decoder.get(), octets(jpeg), jpeg.size(),
                                  into.planes[0].samples.data(), static_cast<int>(into.width),
                                  static_cast<int>(into.planes[0].width),
                                  static_cast<int>(into.height), TJPF_GRAY, 0));
}

// By way of red, green and blue: what was not stored as luma and chroma, or on an uncommon grid.
std::string JpegDecoder::decode_pixels(std::span<const std::byte> jpeg, Planes& into) {
    const auto width = static_cast<int>(into.width);
    const auto height = static_cast<int>(into.height);
    rgb_.resize(std::size_t{3} * into.width * into.height);
    if (auto error = error_of(tjDecompress2(turbo_->decoder.get(), octets(jpeg), jpeg.size(),
                                            rgb_.data(), width, 0, height, TJPF_RGB, 0));
        !error.empty())
        return error;
    if (!turbo_->encoder)
        turbo_->encoder.reset(tjInitCompress());
    if (!turbo_->encoder)
        throw std::bad_alloc();
    PlanePointers planes(into);
    const int status =
        tjEncodeYUVPlanes(turbo_->encoder.get(), rgb_.data(), width, 0, height, TJPF_RGB,
                          planes.data.data(), planes.strides.data(), TJSAMP_444, 0);
    return status == 0 ? std::string() : tjGetErrorStr2(turbo_->encoder.get());
}

std::string JpegDecoder::error_of(int status) const {
    return turbo_error(turbo_->decoder.get(), status);
}

}  // namespace onlooker::media
