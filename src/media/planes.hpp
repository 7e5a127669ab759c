// A picture in planes, full range, as a JPEG holds it and as its encoder takes it: what variants
// are made from. Immutable once it is shared.
//
// Owner: shared. Thread: made by one, read by any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace onlooker::media {

// How many samples of chroma there are: for 2 x 2 pixels, for two in a row, for two in a column,
// for each.
enum class ChromaGrid : std::uint8_t { grey, s420, s422, s440, s444 };

struct Planes {
    struct Plane {
        std::vector<std::uint8_t> samples;
        unsigned width = 0;  // samples; the stride is the same
        unsigned height = 0;
    };

    unsigned width = 0;  // pixels
    unsigned height = 0;
    ChromaGrid grid = ChromaGrid::grey;
    std::array<Plane, 3> planes;  // Y, Cb, Cr; grey has only the first
};

using PlanesPtr = std::shared_ptr<const Planes>;

}  // namespace onlooker::media
