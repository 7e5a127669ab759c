#include "media/picture_size.hpp"

#include "base/text.hpp"

namespace onlooker::media {

namespace {

std::optional<unsigned> parse_side(std::string_view text) {
    const auto pixels = parse_number<unsigned>(text);
    return pixels && *pixels >= 1 && *pixels <= longest_side ? pixels : std::nullopt;
}

}  // namespace

std::optional<PictureSize> parse_size(std::string_view text) {
    const std::size_t cross = text.find_first_of("xX");
    if (cross == std::string_view::npos)
        return std::nullopt;
    const auto width = parse_side(text.substr(0, cross));
    const auto height = parse_side(text.substr(cross + 1));
    if (!width || !height)
        return std::nullopt;
    return PictureSize{*width, *height};
}

std::string to_text(PictureSize size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

}  // namespace onlooker::media
