// The pictures of a folder, read whole into memory and checked.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <vector>

namespace onlooker::drivers {

struct FolderLimits {
    std::size_t file_octets = std::size_t{32} << 20;
    std::size_t total_octets = std::size_t{256} << 20;
    std::size_t files = 100'000;
};

// All *.jpg and *.jpeg of `folder` in natural order; names that begin with a dot are left out.
// Throws camera::CameraError; never returns an empty list.
std::vector<std::vector<std::byte>> read_picture_folder(const std::filesystem::path& folder,
                                                        const FolderLimits& limits = {});

// Whether `a` comes before `b` as a person sorts them: runs of digits count as numbers.
bool natural_less(std::string_view a, std::string_view b) noexcept;

}  // namespace onlooker::drivers
