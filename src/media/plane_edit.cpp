#include "media/plane_edit.hpp"

#include <libyuv.h>

#include <algorithm>

#include "media/jpeg_decoder.hpp"

namespace onlooker::media {

namespace {

bool halves_x(ChromaGrid grid) noexcept {
    return grid == ChromaGrid::s420 || grid == ChromaGrid::s422;
}

bool halves_y(ChromaGrid grid) noexcept {
    return grid == ChromaGrid::s420 || grid == ChromaGrid::s440;
}

ChromaGrid grid_that(bool halves_x, bool halves_y) noexcept {
    if (halves_x)
        return halves_y ? ChromaGrid::s420 : ChromaGrid::s422;
    return halves_y ? ChromaGrid::s440 : ChromaGrid::s444;
}

constexpr unsigned half(unsigned pixels) noexcept {
    return (pixels + 1) / 2;
}

// Which axes of the chroma keep half as many samples, in the order of the source.
struct Halved {
    Halved(const Planes& from, const PlaneEdit::What& what) noexcept
        : x(halves_x(from.grid) && what.part.x % 2 == 0 &&
            !(reverses_columns(what.lay) && what.part.width % 2 != 0)),
          y(halves_y(from.grid) && what.part.y % 2 == 0 &&
            !(reverses_rows(what.lay) && what.part.height % 2 != 0)) {}
    bool x;
    bool y;
};

// Along one axis: the samples of chroma that the pixels of a part share, and whether they are to
// be as many as these.
struct Axis {
    Axis(unsigned begin, unsigned size, unsigned samples, bool is_halved, bool is_to_be_full)
        : doubles(is_halved && is_to_be_full), first(is_halved ? begin / 2 : begin) {
        std::size_t end = is_halved ? half(begin + size) : begin + size;
        if (doubles) {
            // Their neighbours have a say in them.
            first -= first > 0 ? 1 : 0;
            end = std::min<std::size_t>(end + 1, samples);
            skip = begin - 2 * first;
        }
        count = end - first;
    }
    bool doubles;
    std::size_t first;
    std::size_t count;
    std::size_t skip = 0;  // of the doubled samples, in front of the part
};

// Between two samples at three to one, as every decoder does it (libjpeg's "fancy upsampling").
// libyuv's scaling puts the first and the last sample onto the edge.
std::uint8_t nearer(unsigned near, unsigned far) noexcept {
    return static_cast<std::uint8_t>((3 * near + far + 2) / 4);
}

void finer_row(const std::uint8_t* from, const Axis& x, std::uint8_t* into) noexcept {
    if (!x.doubles) {
        std::copy_n(from, x.count, into);
        return;
    }
    for (std::size_t i = 0; i < x.count; ++i) {
        into[2 * i] = nearer(from[i], from[i > 0 ? i - 1 : 0]);
        into[2 * i + 1] = nearer(from[i], from[std::min(i + 1, x.count - 1)]);
    }
}

// A quarter turn behind a mirror across the rows is a transposition, and libyuv mirrors so by
// reading from the last row on: a negative height.
void lay_plane(const std::uint8_t* from, int stride, int width, int height, Lay lay,
               std::uint8_t* into, int into_stride) {
    switch (lay.turn) {
        case Turn::none:
            if (lay.mirror)
                libyuv::MirrorPlane(from, stride, into, into_stride, width, height);
            else
                libyuv::CopyPlane(from, stride, into, into_stride, width, height);
            break;
        case Turn::half:
            if (lay.mirror)
                libyuv::CopyPlane(from, stride, into, into_stride, width, -height);
            else
                libyuv::RotatePlane(from, stride, into, into_stride, width, height,
                                    libyuv::kRotate180);
            break;
        case Turn::right:
        case Turn::left:
            libyuv::RotatePlane(from, stride, into, into_stride, width,
                                lay.mirror ? -height : height,
                                lay.turn == Turn::right ? libyuv::kRotate90 : libyuv::kRotate270);
            break;
    }
}

// The columns and rows beyond the picture, which fill it up to whole samples of chroma.
void pad(Planes::Plane& plane, unsigned width, unsigned height) {
    for (unsigned y = 0; y < height && plane.width > width; ++y) {
        std::uint8_t* row = &plane.samples[std::size_t{y} * plane.width];
        std::fill(row + width, row + plane.width, row[width - 1]);
    }
    for (unsigned y = height; y < plane.height; ++y)
        std::copy_n(&plane.samples[std::size_t{height - 1} * plane.width], plane.width,
                    &plane.samples[std::size_t{y} * plane.width]);
}

}  // namespace

bool PlaneEdit::What::is_plain(const Planes& planes) const noexcept {
    return part.x == 0 && part.y == 0 && part.width == planes.width &&
           part.height == planes.height && size == PictureSize{planes.width, planes.height} &&
           lay.is_plain() && (!grey || planes.grid == ChromaGrid::grey);
}

std::string_view PlaneEdit::run(const Planes& from, const What& what, Planes& into) {
    if (what.size != PictureSize{what.part.width, what.part.height} &&
        std::max(what.part.width, what.part.height) > longest_scaled_side)
        return "a side has more than 32767 pixels, which are too many to be scaled";
    const bool grey = what.grey || from.grid == ChromaGrid::grey;
    const Halved halved(from, what);
    const bool swaps = what.lay.swaps_sides();
    const PictureSize shown = laid(what.size, what.lay);
    shape(into, shown.width, shown.height,
          grey ? ChromaGrid::grey
               : grid_that(swaps ? halved.y : halved.x, swaps ? halved.x : halved.y));
    run_plane(part_of_luma(from, what), static_cast<int>(what.size.width),
              static_cast<int>(what.size.height), what.lay, into.planes[0]);
    pad(into.planes[0], shown.width, shown.height);
    if (grey)
        return {};
    const unsigned width = halved.x ? half(what.size.width) : what.size.width;
    const unsigned height = halved.y ? half(what.size.height) : what.size.height;
    for (std::size_t i = 1; i < into.planes.size(); ++i) {
        run_plane(part_of_chroma(from.planes[i], from, what), static_cast<int>(width),
                  static_cast<int>(height), what.lay, into.planes[i]);
        // With one axis full and the other halved TurboJPEG may want a sample more.
        pad(into.planes[i], swaps ? height : width, swaps ? width : height);
    }
    return {};
}

PlaneEdit::View PlaneEdit::part_of_luma(const Planes& from, const What& what) const noexcept {
    const Planes::Plane& plane = from.planes[0];
    return {.data = &plane.samples[std::size_t{what.part.y} * plane.width + what.part.x],
            .stride = static_cast<int>(plane.width),
            .width = static_cast<int>(what.part.width),
            .height = static_cast<int>(what.part.height)};
}

PlaneEdit::View PlaneEdit::part_of_chroma(const Planes::Plane& plane, const Planes& from,
                                          const What& what) {
    const Halved halved(from, what);
    const Axis x(what.part.x, what.part.width, plane.width, halves_x(from.grid), !halved.x);
    const Axis y(what.part.y, what.part.height, plane.height, halves_y(from.grid), !halved.y);
    const View view{.data = &plane.samples[std::size_t{y.first} * plane.width + x.first],
                    .stride = static_cast<int>(plane.width),
                    .width = static_cast<int>(x.count),
                    .height = static_cast<int>(y.count)};
    if (!x.doubles && !y.doubles)
        return view;
    const std::size_t width = std::size_t{x.count} * (x.doubles ? 2 : 1);
    const std::size_t height = std::size_t{y.count} * (y.doubles ? 2 : 1);
    finer_.resize(width * height);
    finer_row_.resize(width);
    for (std::size_t row = 0; row < height; ++row) {
        const std::size_t at = y.doubles ? row / 2 : row;
        const std::size_t beside = !y.doubles     ? at
                                   : row % 2 == 0 ? at - (at > 0 ? 1 : 0)
                                                  : std::min(at + 1, y.count - 1);
        finer_row(&view.data[at * plane.width], x, &finer_[row * width]);
        if (beside == at)
            continue;
        finer_row(&view.data[beside * plane.width], x, finer_row_.data());
        for (std::size_t i = 0; i < width; ++i)
            finer_[row * width + i] = nearer(finer_[row * width + i], finer_row_[i]);
    }
    return {.data = &finer_[y.skip * width + x.skip],
            .stride = static_cast<int>(width),
            .width = static_cast<int>(x.doubles ? what.part.width : x.count),
            .height = static_cast<int>(y.doubles ? what.part.height : y.count)};
}

// `width` and `height`: once it is scaled, before it is laid.
void PlaneEdit::run_plane(View from, int width, int height, Lay lay, Planes::Plane& into) {
    const bool scales = from.width != width || from.height != height;
    const auto stride = static_cast<int>(into.width);
    if (scales && lay.is_plain()) {
        libyuv::ScalePlane(from.data, from.stride, from.width, from.height, into.samples.data(),
                           stride, width, height, libyuv::kFilterBox);
        return;
    }
    if (scales) {
        scaled_.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        libyuv::ScalePlane(from.data, from.stride, from.width, from.height, scaled_.data(), width,
                           width, height, libyuv::kFilterBox);
        from = {.data = scaled_.data(), .stride = width, .width = width, .height = height};
    }
    lay_plane(from.data, from.stride, width, height, lay, into.samples.data(), stride);
}

}  // namespace onlooker::media
