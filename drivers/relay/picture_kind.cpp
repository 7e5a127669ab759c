#include "relay/picture_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::string_view_literals;

struct Magic {
    std::size_t at;
    std::string_view octets;
    std::string_view kind;
};

constexpr std::array magics{
    Magic{0, "\x89PNG\r\n\x1a\n"sv, "PNG"},
    Magic{0, "GIF8"sv, "GIF"},
    Magic{8, "WEBP"sv, "WebP"},
    Magic{4, "ftypavi"sv, "AVIF"},
    Magic{4, "ftyphei"sv, "HEIC"},
    Magic{4, "ftypmif1"sv, "HEIC or AVIF"},
    Magic{4, "ftyp"sv, "MP4"},
    Magic{0, "\xff\x0a"sv, "JPEG XL"},
    Magic{4, "JXL "sv, "JPEG XL"},
    Magic{4, "jP  "sv, "JPEG 2000"},
    Magic{0, "BM"sv, "BMP"},
    Magic{0, "FLV\x01"sv, "FLV"},
    Magic{0, "\x1a\x45\xdf\xa3"sv, "Matroska or WebM"},
};

// Of a byte stream, Annex B of both: the unit behind the first start code is a parameter set, a
// delimiter, a description or a key picture.
std::string_view video_kind(std::string_view beginning) noexcept {
    const std::size_t one = beginning.find('\x01');
    if ((one != 2 && one != 3) || beginning.find_first_not_of('\0') != one ||
        beginning.size() < one + 3)
        return {};
    const auto first = static_cast<unsigned char>(beginning[one + 1]);
    const auto second = static_cast<unsigned char>(beginning[one + 2]);
    const unsigned type_265 = first >> 1;
    if ((first & 0x81) == 0 && second == 1 &&
        ((type_265 >= 32 && type_265 <= 35) || type_265 == 39 ||
         (type_265 >= 19 && type_265 <= 21)))
        return "H.265";
    const unsigned type_264 = first & 0x1f;
    if ((first & 0x80) == 0 && (type_264 == 1 || (type_264 >= 5 && type_264 <= 9)))
        return "H.264";
    return {};
}

}  // namespace

std::string_view picture_kind(std::string_view beginning) noexcept {
    const auto found = std::ranges::find_if(magics, [&](const Magic& magic) {
        return beginning.size() > magic.at && beginning.substr(magic.at).starts_with(magic.octets);
    });
    return found != magics.end() ? found->kind : video_kind(beginning);
}

std::string kind_in_words(std::string_view beginning, std::string_view content_type) {
    const std::string_view kind = picture_kind(beginning);
    if (content_type.empty())
        return kind.empty() ? "something without a Content-Type" : std::string(kind);
    const std::string type = fmt::format("\"{}\"", escaped(content_type, 80));
    return kind.empty() ? type : fmt::format("{} ({})", kind, type);
}

}  // namespace onlooker::drivers
