#include "emulated/picture_listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "base/text.hpp"
#include "camera/driver.hpp"

namespace onlooker::drivers {

namespace {

namespace fs = std::filesystem;
using camera::CameraError;
using camera::ErrorKind;

std::string shown(const fs::path& path) {
    return escaped(path.native());
}

CameraError cannot_read(const fs::path& source, const std::error_code& error) {
    if (error == std::errc::permission_denied)
        return {ErrorKind::no_permission,
                fmt::format("The folder {} may not be read by this user; change its permissions",
                            shown(source))};
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
        return {ErrorKind::not_found,
                fmt::format("There is no folder or picture {}; create it, or name another{}",
                            shown(source),
                            source.native().starts_with('~')
                                ? " (the ~ means nothing here: write the whole path)"
                                : "")};
    return {ErrorKind::failed, fmt::format("{}: {}", shown(source), error.message())};
}

CameraError has_none(const fs::path& folder, const fs::path& other) {
    return {ErrorKind::not_found,
            fmt::format("The folder {} has no *.jpg or *.jpeg{}; put some in", shown(folder),
                        other.empty()
                            ? ""
                            : fmt::format(", only other files like {}", shown(other.filename())))};
}

bool has_name_of_picture(const fs::path& path) {
    const std::string extension = path.extension().native();
    return equal_ignoring_case(extension, ".jpg") || equal_ignoring_case(extension, ".jpeg");
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

std::vector<fs::path> list_pictures(const fs::path& source, std::size_t most) {
    std::error_code error;
    if (fs::is_regular_file(source, error))
        return {source};
    std::vector<fs::path> paths;
    fs::path other;
    fs::directory_iterator entries(source, error);
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
        const fs::path& path = entries->path();
        std::error_code ignored;  // a file that went meanwhile is no picture
        if (path.filename().native().starts_with('.') || !entries->is_regular_file(ignored))
            continue;
        if (!has_name_of_picture(path)) {
            other = path;
            continue;
        }
        if (paths.size() == most)
            throw CameraError(ErrorKind::failed,
                              fmt::format("The folder {} has more than {} pictures; use fewer",
                                          shown(source), most));
        paths.push_back(path);
    }
    if (error)
        throw cannot_read(source, error);
    if (paths.empty())
        throw has_none(source, other);
    std::ranges::sort(paths, [](const fs::path& a, const fs::path& b) {
        return natural_less(a.filename().native(), b.filename().native());
    });
    return paths;
}

}  // namespace onlooker::drivers
