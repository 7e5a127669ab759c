// The fields above a picture in a multipart stream, read line by line.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace onlooker::drivers {

struct PartHead {
    std::optional<std::size_t> content_length;
    std::optional<std::chrono::system_clock::time_point> wall;
    std::string content_type;
    bool other_type = false;  // it names something that is no JPEG, though a JPEG may follow

    // One line without its end. Fields that mean nothing to us, and lines that are no fields at
    // all, are passed over: a picture is worth more than a correct head.
    void feed(std::string_view line);
};

// "Name: value" in two, blanks around the value cut off; an empty name when there is no colon.
struct Field {
    std::string_view name;
    std::string_view value;
};
Field split_field(std::string_view line) noexcept;

// Whether a Content-Type is one of those that stand for JPEG in the field: image/jpeg, image/jpg,
// image/pjpeg, image/mjpeg, video/x-motion-jpeg, video/mjpeg, application/octet-stream.
bool names_jpeg(std::string_view content_type) noexcept;

}  // namespace onlooker::drivers
