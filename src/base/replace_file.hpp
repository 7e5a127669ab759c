// Replaces a file as a whole: whoever reads it, and whoever starts after a power cut, finds the old
// text or the new one, never a part.
//
// Thread: any that may block; it waits for the disk.
#pragma once

#include <filesystem>
#include <string_view>

namespace onlooker {

// The new file is its owner's alone (mode 0600). Where `path` is a symbolic link, the file that it
// points to is replaced. Throws std::system_error whose words name the path and what failed.
void replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace onlooker
