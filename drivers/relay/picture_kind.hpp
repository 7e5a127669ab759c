// Tells by its first octets what came instead of a JPEG, so that the words for the user can name
// it.
//
// Sources: PNG 5.2; GIF89a 17; RFC 9649, 2.4 (WebP); ISO/IEC 14496-12, 4.3 (ftyp, of AVIF, HEIC and
// MP4); ITU-T H.264 and H.265, Annex B and 7.4 (start codes, types of NAL units).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace onlooker::drivers {

// So many octets are enough for picture_kind().
inline constexpr std::size_t picture_kind_octets = 16;

// "PNG", "H.264", ...; empty when it is not known.
std::string_view picture_kind(std::string_view beginning) noexcept;

// As it is told to the user: `PNG ("image/png")`, `"text/html"`, or that there is no type.
std::string kind_in_words(std::string_view beginning, std::string_view content_type);

}  // namespace onlooker::drivers
