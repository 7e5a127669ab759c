// What the overlay module, onlooker_overlay.so, gives the program: letters out of a font file, and
// the time in another zone. It is a module so that the libraries for that (FreeType, utf8proc,
// cctz, and what they bring) are in the memory of a server only once an overlay is asked for.
//
// Owner: the module, which is never unloaded. Thread: any.
#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

#include "media/typeface.hpp"

namespace onlooker::media {

struct OverlayModule {
    const char* interface = nullptr;

    // Throws std::runtime_error that says what is wrong with the file.
    std::unique_ptr<Typeface> (*open_font)(const std::string& file) = nullptr;

    // What clocks in `zone` say at `second` of the Unix epoch, with tm_gmtoff and tm_zone, which
    // stay good. False: the zone cannot be loaded.
    bool (*local_time)(const std::string& zone, std::int64_t second, std::tm& time) = nullptr;
};

// Compared before anything else is touched.
inline constexpr const char* overlay_interface =
    "onlooker overlay 1, "
#if defined(_GLIBCXX_USE_CXX11_ABI)
    "libstdc++"
#else
    "another standard library"
#endif
    ;

// The symbol that the module exports: an OverlayModule.
inline constexpr const char* overlay_module_symbol = "onlooker_overlay_module";
inline constexpr const char* overlay_module_file = "onlooker_overlay.so";

}  // namespace onlooker::media
