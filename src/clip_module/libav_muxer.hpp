// A muxer of libavformat's, writing into memory. Thread: one at a time.
#pragma once

#include <memory>

#include "clips/muxer.hpp"

namespace onlooker::clip_module {

// See clips/clip_module.hpp.
std::unique_ptr<clips::Muxer> open_muxer(const clips::MuxerSettings& settings,
                                         clips::Muxer::Sink sink);

}  // namespace onlooker::clip_module
