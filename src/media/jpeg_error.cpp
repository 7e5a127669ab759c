#include "media/jpeg_error.hpp"

namespace onlooker::media {

std::string_view to_string(JpegError error) noexcept {
    switch (error) {
        case JpegError::none:
            return "the picture is good";
        case JpegError::too_large:
            return "the picture has more than 32 MiB";
        case JpegError::no_start:
            return "this is not a JPEG picture: no start mark";
        case JpegError::truncated:
            return "the picture is cut short";
        case JpegError::broken_segment:
            return "the picture has a broken segment";
        case JpegError::no_frame_header:
            return "the picture has no frame header, or two";
        case JpegError::unsupported:
            return "the picture is of a kind of JPEG that browsers do not show";
        case JpegError::bad_dimensions:
            return "the picture claims to be empty, or larger than 268 megapixels or 65500 pixels "
                   "a side";
        case JpegError::missing_table:
            return "the picture refers to tables it does not have";
        case JpegError::too_many_scans:
            return "the picture has more scans than the limit";
        case JpegError::too_many_pieces:
            return "the picture has more segments to remove than any camera sends";
    }
    return "unknown";
}

}  // namespace onlooker::media
