// Streams as the field writes them, for the tests of the relay's reader.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relay/multipart_reader.hpp"

namespace onlooker::test {

using namespace std::string_literals;

// A JPEG in form, not in content: a comment, a scan header, and `scan` as entropy-coded data.
inline std::string jpeg(std::string_view scan, std::string_view comment = "no comment") {
    std::string picture = "\xff\xd8\xff\xfe";
    picture += static_cast<char>((comment.size() + 2) >> 8);
    picture += static_cast<char>((comment.size() + 2) & 0xff);
    picture += comment;
    picture += "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"s;
    picture += scan;
    return picture + "\xff\xd9";
}

inline std::span<const std::byte> octets(std::string_view text) {
    return std::as_bytes(std::span(text));
}

inline const std::string first = jpeg("one\xff\x00 \xff\xd0 more"s);
inline const std::string second = jpeg("two -- \r\n--fra is not it");
// The delimiter in a comment, and a whole thumbnail before the picture.
inline const std::string third = jpeg("three", "\r\n--frame\r\n\r\n" + jpeg("thumb"));

inline std::string length(const std::string& picture) {
    return "Content-Length: " + std::to_string(picture.size()) + "\r\n";
}

inline const std::string multipart = "multipart/x-mixed-replace;boundary=frame";
inline const std::string jpeg_type = "Content-Type: image/jpeg\r\n";

struct Read {
    std::vector<std::string> pictures;
    std::vector<std::string> stamps;  // seconds, or nothing
    std::uint32_t lost = 0;

    bool operator==(const Read&) const = default;
};

inline void take_all(drivers::MultipartReader& reader, Read& read) {
    while (auto frame = reader.take()) {
        read.pictures.emplace_back(reinterpret_cast<const char*>(frame->jpeg.data()),
                                   frame->jpeg.size());
        read.stamps.push_back(
            frame->wall ? std::to_string(frame->wall->time_since_epoch() / std::chrono::seconds(1))
                        : "");
        read.lost += frame->lost;
        reader.reuse(std::move(frame->jpeg));
    }
}

inline Read read_pieces(std::string_view content_type, std::vector<std::string_view> pieces) {
    drivers::MultipartReader reader(content_type);
    Read read;
    for (const std::string_view piece : pieces) {
        reader.feed(octets(piece));
        take_all(reader, read);
    }
    return read;
}

inline Read read_whole(std::string_view content_type, std::string_view stream) {
    return read_pieces(content_type, {stream});
}

}  // namespace onlooker::test
