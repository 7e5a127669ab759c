// The relay as a test asks for it, and what upstreams answer.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "relay/relay_driver.hpp"
#include "support/driver_error.hpp"
#include "support/driver_run.hpp"
#include "support/fake_capture_context.hpp"
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

// What a viewer of the relay gets: so many pictures, or fewer and why.
struct Watched {
    std::vector<std::string> pictures;
    std::vector<std::string> warnings;
    std::string error;  // empty: none
    std::optional<camera::ErrorKind> kind;
};

// Ends after `limit` at the latest.
inline Watched watch(const std::string& url, std::size_t count, Values values = {},
                     std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    Watched watched;
    FakeCaptureContext context;
    const contract::Patience patience(context, limit);
    const auto driver = relay(url, std::move(values));
    auto frames = driver->frames(context);
    try {
        while (watched.pictures.size() < count) {
            const camera::Captured* captured = frames.next();
            if (captured == nullptr)
                break;
            watched.pictures.push_back(picture_of(*captured));
        }
    } catch (const camera::CameraError& error) {
        watched.error = error.what();
        watched.kind = error.kind();
    }
    watched.warnings = context.warnings();
    return watched;
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
