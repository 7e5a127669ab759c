// What TurboJPEG gives in C, owned. Included by the sources that call it; no header of ours.
#pragma once

#include <turbojpeg.h>

#include <memory>
#include <string>
#include <string_view>

#include "media/planes.hpp"

namespace onlooker::media {

struct TurboFree {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
    void operator()(unsigned char* buffer) const noexcept { tjFree(buffer); }
};

using TurboHandle = std::unique_ptr<void, TurboFree>;
using TurboBuffer = std::unique_ptr<unsigned char, TurboFree>;

constexpr int turbo_sampling(ChromaGrid grid) noexcept {
    switch (grid) {
        case ChromaGrid::grey:
            return TJSAMP_GRAY;
        case ChromaGrid::s420:
            return TJSAMP_420;
        case ChromaGrid::s422:
            return TJSAMP_422;
        case ChromaGrid::s440:
            return TJSAMP_440;
        case ChromaGrid::s444:
            return TJSAMP_444;
    }
    return TJSAMP_420;
}

// Empty, or why what `handle` did last gives no picture. A warning comes with a picture of which a
// part may be missing; only that of octets too many between two segments comes with a whole one.
inline std::string turbo_error(void* handle, int status) {
    if (status == 0)
        return {};
    const std::string_view words = tjGetErrorStr2(handle);
    if (tjGetErrorCode(handle) == TJERR_WARNING &&
        words.find("extraneous bytes") != std::string_view::npos)
        return {};
    return words.empty() ? "the decoder gives no reason" : std::string(words);
}

}  // namespace onlooker::media
