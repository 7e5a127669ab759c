// What the module for clips, onlooker_clips.so, gives the program: a muxer for each format, made of
// FFmpeg's libavformat.
//
// Owner: the module, which is never unloaded. Thread: any; each muxer one at a time.
#pragma once

#include <memory>

#include "clips/muxer.hpp"

namespace onlooker::clips {

struct ClipModule {
    const char* interface = nullptr;

    // The file's head is given to the sink with the first picture at the latest. Throws
    // std::runtime_error where this libavformat lacks the format, and std::bad_alloc.
    std::unique_ptr<Muxer> (*open)(const MuxerSettings& settings, Muxer::Sink sink) = nullptr;
};

// Compared before anything else is touched.
inline constexpr const char* clip_interface =
    "onlooker clips 1, "
#if defined(_GLIBCXX_USE_CXX11_ABI)
    "libstdc++"
#else
    "another standard library"
#endif
    ;

// The symbol that the module exports: a ClipModule.
inline constexpr const char* clip_module_symbol = "onlooker_clip_module";
inline constexpr const char* clip_module_file = "onlooker_clips.so";

}  // namespace onlooker::clips
