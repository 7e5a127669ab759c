// The frame header of a JPEG (SOF, ITU-T T.81, B.2.2): size, components and how their colour is
// sampled. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "media/jpeg_error.hpp"

namespace onlooker::media {

enum class ChromaLayout : std::uint8_t { grey, yuv444, yuv440, yuv422, yuv420, yuv411, other };

struct JpegFrameHeader {
    static constexpr unsigned most_components = 4;

    struct Component {
        unsigned id = 0;
        unsigned across = 1;  // sampling factors, 1..4
        unsigned down = 1;
        unsigned quantisation = 0;  // number of its table, 0..3
    };

    unsigned width = 0;  // pixels, above 0
    unsigned height = 0;
    bool progressive = false;
    unsigned component_count = 0;
    std::array<Component, most_components> components{};

    ChromaLayout chroma() const noexcept;
    // Two components have one id, as some cameras write it.
    bool has_shared_ids() const noexcept;
};

// Reads the body of the segment that `marker` began. `header` holds nothing of use after an error.
JpegError read_frame_header(unsigned marker, std::span<const std::byte> body,
                            JpegFrameHeader& header) noexcept;

}  // namespace onlooker::media
