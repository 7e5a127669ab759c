#include "media/jpeg_application.hpp"

#include <cstring>
#include <string_view>

#include "media/jpeg_markers.hpp"
#include "media/jpeg_segments.hpp"

namespace onlooker::media {

namespace {

using namespace jpeg;

bool starts_with(std::span<const std::byte> body, std::string_view text) {
    return body.size() >= text.size() && std::memcmp(body.data(), text.data(), text.size()) == 0;
}

// Whether a parser that searches for the marks instead of walking would find one in here.
bool holds_start_or_end(std::span<const std::byte> body) {
    const std::byte* at = body.data();
    const std::byte* const end = at + body.size();
    while (at < end) {
        at = static_cast<const std::byte*>(
            std::memchr(at, fill, static_cast<std::size_t>(end - at)));
        if (at == nullptr || at + 1 == end)
            return false;
        ++at;
        if (*at == std::byte{soi} || *at == std::byte{eoi})
            return true;
    }
    return false;
}

}  // namespace

std::optional<std::span<const std::byte>> shown_application(
    unsigned marker, std::span<const std::byte> body) noexcept {
    constexpr std::span<const std::byte> nothing;
    if (marker == app1) {
        const unsigned orientation = starts_with(body, "Exif") ? exif_orientation(body) : 0;
        return orientation > 1 ? orientation_segment(orientation) : nothing;
    }
    if (marker == app2 && starts_with(body, "MPF"))
        return nothing;
    if (marker == app0 && starts_with(body, "JFXX"))
        return nothing;
    constexpr std::size_t jfif_without_thumbnail = 14;
    if (marker == app0 && starts_with(body, "JFIF") && body.size() > jfif_without_thumbnail)
        return plain_jfif_segment();
    return holds_start_or_end(body) ? std::optional(nothing) : std::nullopt;
}

}  // namespace onlooker::media
