// A font file, read with FreeType. Thread: each object one at a time.
#pragma once

#include <memory>
#include <string>

#include "media/typeface.hpp"

namespace onlooker::overlay_module {

// Throws std::runtime_error that says what is wrong with the file.
std::unique_ptr<media::Typeface> open_font(const std::string& file);

}  // namespace onlooker::overlay_module
