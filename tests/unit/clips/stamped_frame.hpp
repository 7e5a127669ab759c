// Frames that tests of clips make: of so many octets, captured so long after the first one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "media/frame.hpp"

namespace onlooker::test {

struct StampedFrame {
    std::uint64_t number = 1;
    std::chrono::milliseconds captured{0};
    std::size_t octets = 1'000;
    bool is_card = false;
    media::PlanesPtr planes{};
};

inline SteadyTime captured_at(std::chrono::milliseconds time) {
    return SteadyTime(std::chrono::hours(1)) + time;
}

inline media::FramePtr stamped_frame(const StampedFrame& wanted) {
    const std::vector<std::byte> octets(wanted.octets, std::byte{0xD8});
    const std::span<const std::byte> picture(octets);
    media::Stamps stamps;
    stamps.captured = captured_at(wanted.captured);
    stamps.wall = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000)) +
                  wanted.captured;
    return media::Frame::make({.number = wanted.number,
                               .width = 16,
                               .height = 16,
                               .stamps = stamps,
                               .is_card = wanted.is_card,
                               .planes = wanted.planes},
                              std::span(&picture, 1));
}

}  // namespace onlooker::test
