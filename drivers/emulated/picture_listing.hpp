// Which files of a folder are pictures, and in what order. Reads folders; any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

namespace onlooker::drivers {

// All *.jpg and *.jpeg of the folder `source` in natural order, without names that begin with a
// dot; or `source` itself, when that is a file. Never empty: throws camera::CameraError when there
// is none, it cannot be read, or there are more than `most`.
std::vector<std::filesystem::path> list_pictures(const std::filesystem::path& source,
                                                 std::size_t most);

// Whether `a` comes before `b` as a person sorts them: runs of digits count as numbers.
bool natural_less(std::string_view a, std::string_view b) noexcept;

}  // namespace onlooker::drivers
