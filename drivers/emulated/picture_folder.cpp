#include "emulated/picture_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "base/text.hpp"
#include "camera/driver.hpp"
#include "media/jpeg_check.hpp"

namespace onlooker::drivers {

namespace {

namespace fs = std::filesystem;
using camera::CameraError;
using camera::ErrorKind;
using Octets = std::vector<std::byte>;

std::string shown(const fs::path& path) {
    return escaped(path.native());
}

CameraError failed(const fs::path& path, std::string_view what) {
    return {ErrorKind::failed, fmt::format("{}: {}", shown(path), what)};
}

CameraError cannot_read(const fs::path& folder, const std::error_code& error) {
    if (error == std::errc::permission_denied)
        return {ErrorKind::no_permission,
                fmt::format("The folder {} may not be read by this user; change its permissions",
                            shown(folder))};
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
        return {ErrorKind::not_found,
                fmt::format("There is no folder {}; create it, or name another", shown(folder))};
    return failed(folder, error.message());
}

bool is_picture(const fs::directory_entry& entry) {
    const std::string extension = entry.path().extension().native();
    const std::string name = entry.path().filename().native();
    std::error_code ignored;  // a file that went meanwhile is no picture
    return !name.starts_with('.') && entry.is_regular_file(ignored) &&
           (equal_ignoring_case(extension, ".jpg") || equal_ignoring_case(extension, ".jpeg"));
}

std::vector<fs::path> picture_paths(const fs::path& folder, const FolderLimits& limits) {
    std::vector<fs::path> paths;
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        if (!is_picture(*entries))
            continue;
        if (paths.size() == limits.files)
            throw failed(folder, fmt::format("more than {} pictures; use fewer", limits.files));
        paths.push_back(entries->path());
    }
    if (error)
        throw cannot_read(folder, error);
    if (paths.empty())
        throw CameraError(
            ErrorKind::not_found,
            fmt::format("The folder {} has no *.jpg or *.jpeg; put some in", shown(folder)));
    std::ranges::sort(paths, [](const fs::path& a, const fs::path& b) {
        return natural_less(a.filename().native(), b.filename().native());
    });
    return paths;
}

// Reads up to the limit, whatever the file system says about the size.
Octets read_file(const fs::path& path, std::size_t limit) {
    std::ifstream file(path, std::ios::binary);
    if (!file && errno == EACCES)
        throw CameraError(ErrorKind::no_permission,
                          fmt::format("{} may not be read by this user", shown(path)));
    if (!file)
        throw failed(path, "the file cannot be opened");
    Octets octets;
    constexpr std::size_t step = std::size_t{256} << 10;
    while (file && octets.size() <= limit) {
        const std::size_t size = octets.size();
        octets.resize(size + step);
        file.read(reinterpret_cast<char*>(octets.data() + size), step);
        octets.resize(size + static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad())
        throw failed(path, "the file cannot be read");
    if (octets.size() > limit)
        throw failed(path, fmt::format("larger than {} MiB", limit >> 20));
    octets.shrink_to_fit();
    return octets;
}

// Takes the run of digits, or the one other character, that `text` begins with.
std::string_view take_part(std::string_view& text) {
    std::size_t length = 1;
    if (is_digit(text.front()))
        while (length < text.size() && is_digit(text[length]))
            ++length;
    const std::string_view part = text.substr(0, length);
    text.remove_prefix(length);
    return part;
}

std::string_view without_leading_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

int compare_parts(std::string_view a, std::string_view b) {
    if (!is_digit(a.front()) || !is_digit(b.front()))
        return a.compare(b);
    a = without_leading_zeros(a);
    b = without_leading_zeros(b);
    if (a.size() != b.size())
        return a.size() < b.size() ? -1 : 1;
    return a.compare(b);
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) noexcept {
    std::string_view rest_a = a, rest_b = b;
    while (!rest_a.empty() && !rest_b.empty())
        if (const int order = compare_parts(take_part(rest_a), take_part(rest_b)); order != 0)
            return order < 0;
    if (rest_a.empty() != rest_b.empty())
        return rest_a.empty();
    return a < b;  // "01" and "1": any order, as long as it is always the same
}

std::vector<Octets> read_picture_folder(const fs::path& folder, const FolderLimits& limits) {
    std::vector<Octets> pictures;
    std::size_t total = 0;
    for (const fs::path& path : picture_paths(folder, limits)) {
        Octets picture = read_file(path, limits.file_octets);
        if (const auto checked = media::check_jpeg(picture); !checked)
            throw failed(path, media::to_string(checked.error));
        total += picture.size();
        if (total > limits.total_octets)
            throw failed(folder, fmt::format("its pictures have more than {} MiB; use fewer",
                                             limits.total_octets >> 20));
        pictures.push_back(std::move(picture));
    }
    return pictures;
}

}  // namespace onlooker::drivers
