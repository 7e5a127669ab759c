// What TurboJPEG gives in C, owned. Included by the sources that call it; no header of ours.
#pragma once

#include <turbojpeg.h>

#include <memory>

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

}  // namespace onlooker::media
