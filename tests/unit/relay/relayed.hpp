// The relay as a test asks for it, and what upstreams answer.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "relay/relay_driver.hpp"
#include "support/driver_error.hpp"
#include "unit/relay/streams.hpp"
#include "unit/relay/upstream_double.hpp"

namespace onlooker::test {

using Values = std::map<std::string, std::string>;

inline std::unique_ptr<camera::Driver> relay(const std::string& url, Values values = {}) {
    return drivers::relay::entry().make(
        {.camera_name = "far", .source = url, .values = std::move(values)});
}

inline std::string picture_of(const camera::Captured& captured) {
    const auto data = std::get<media::JpegImage>(captured.picture).data;
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

inline camera::CameraError error_of(const std::string& url, Values values = {}) {
    return error_of(*relay(url, std::move(values)));
}

// Answers each request with this.
inline UpstreamDouble answering(std::string_view answer) {
    return UpstreamDouble([answer](Visit& visit) {
        if (!visit.read_request().empty())
            visit.send(answer);
    });
}

// One of a stream with the boundary "frame".
inline std::string part(const std::string& picture, std::string_view fields = "") {
    return "Content-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) +
           "\r\n" + std::string(fields) + "\r\n" + picture + "\r\n--frame\r\n";
}

inline const std::string stream_head =
    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n--frame\r\n";

inline std::string snapshot(const std::string& picture, std::string_view fields = "") {
    return "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: " +
           std::to_string(picture.size()) + "\r\n" + std::string(fields) + "\r\n" + picture;
}

}  // namespace onlooker::test
