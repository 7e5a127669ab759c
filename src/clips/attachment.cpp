#include "clips/attachment.hpp"

#include <fmt/format.h>

#include <ctime>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace onlooker::clips {

namespace {

// A file's name may have 255 octets.
constexpr std::size_t longest_title = 150;

std::string local_time(std::chrono::system_clock::time_point time) {
    const std::time_t clock =
        std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    std::tm local{};
    ::localtime_r(&clock, &local);
    char words[32];
    const std::size_t size = std::strftime(words, sizeof words, "%Y-%m-%d %H-%M-%S", &local);
    return {words, size};
}

// Of FAT and NTFS as well, and nothing that a dot in front hides.
bool may_stand_in_name(char c) noexcept {
    constexpr std::string_view reserved = "\"*/:<>?\\|";
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F &&
           reserved.find(c) == std::string_view::npos;
}

std::string as_file_name(std::string_view title) {
    std::string name;
    while (!title.empty() && name.size() < longest_title) {
        const bool is_ascii = static_cast<unsigned char>(title.front()) < 0x80;
        const std::size_t length = is_ascii ? 1 : front_of_utf8(title).length;
        if (length == 0 || (is_ascii && !may_stand_in_name(title.front())))
            name += '_';
        else
            name += title.substr(0, length);
        title.remove_prefix(length == 0 ? 1 : length);
    }
    if (!name.empty() && name.front() == '.')
        name.front() = '_';
    return name;
}

// RFC 8187, 3.2.1: attr-char.
std::string percent_encoded(std::string_view text) {
    constexpr std::string_view plain = "!#$&+-.^_`|~";
    std::string encoded;
    for (const char c : text) {
        if (is_alphanumeric(c) || plain.find(c) != std::string_view::npos)
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

}  // namespace

std::string attachment(std::string_view name, std::string_view title,
                       std::chrono::system_clock::time_point begins, std::string_view extension) {
    const std::string time = local_time(begins);
    std::string value = fmt::format("attachment; filename=\"{} {}.{}\"", name, time, extension);
    if (!title.empty() && title != name)
        value += fmt::format(
            "; filename*=UTF-8''{}",
            percent_encoded(fmt::format("{} {}.{}", as_file_name(title), time, extension)));
    return value;
}

}  // namespace onlooker::clips
