// A camera that answers each request by a function, and what the relay makes of it.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

namespace onlooker::test {

// What the camera answers to a request; a "!" at its end: and closes the connection.
using Answer = std::function<std::string(const std::string& request, int number)>;

inline UpstreamDouble camera_that(const Answer& answer) {
    return UpstreamDouble([answer, number = 0](Visit& visit) mutable {
        for (std::string request; !(request = visit.read_request()).empty();) {
            std::string octets = answer(request, ++number);
            const bool closes = octets.ends_with('!');
            visit.send(octets.substr(0, octets.size() - (closes ? 1 : 0)));
            if (closes)
                return;
        }
    });
}

inline std::string answer(std::string_view status, std::string_view fields,
                          std::string_view body = "") {
    return fmt::format("HTTP/1.1 {} x\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                       fields, body);
}

inline bool has(const std::string& request, std::string_view text) {
    return request.find(text) != std::string::npos;
}

// The scan of the next picture, or the words of the error, or "".
inline std::string next_of(Generator<camera::Captured>& frames) {
    try {
        const auto* captured = frames.next();
        if (captured == nullptr)
            return "";
        const std::string picture = picture_of(*captured);
        const std::size_t scan = jpeg("").size() - 2;
        return picture.substr(scan, picture.size() - scan - 2);
    } catch (const camera::CameraError& error) {
        return error.what();
    }
}

inline std::vector<std::string> seen(const std::string& url, std::size_t count,
                                     Values values = {}) {
    FakeCaptureContext context;
    const auto driver = relay(url, std::move(values));
    auto frames = driver->frames(context);
    std::vector<std::string> result;
    while (result.size() < count)
        result.push_back(next_of(frames));
    CHECK(context.warnings().empty());
    return result;
}

inline const std::string picture_type = "Content-Type: image/jpeg\r\n";

struct Habit {
    std::string name;
    std::string login;
    Answer answer;
    std::vector<std::string> expected;  // scans, or parts of an error
};

inline void check(const std::vector<Habit>& habits) {
    for (const Habit& habit : habits) {
        CAPTURE(habit.name);
        const UpstreamDouble upstream = camera_that(habit.answer);
        const auto found =
            seen(upstream.url("/shot", habit.login), habit.expected.size(), {{"fps", "100"}});
        for (std::size_t i = 0; i < found.size(); ++i) {
            CAPTURE(found[i]);
            CHECK(found[i].find(habit.expected[i]) != std::string::npos);
        }
    }
}

}  // namespace onlooker::test
