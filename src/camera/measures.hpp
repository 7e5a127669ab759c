// What is measured of the frames that a camera has published, and of what is made of them, once for
// each, however many look at it.
//
// Owner: the camera. Thread: the loop.
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "base/histogram.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

struct Measures {
    std::uint64_t octets = 0;
    Histogram age;       // from the capture to the loop
    Histogram encoding;  // checked or encoded
    Histogram crossing;  // from there until the loop took it: how far that one lags behind
    Histogram variants;  // another picture made of one of its pictures: the work alone

    void note(const media::Frame& frame, SteadyTime now) noexcept {
        const media::Stamps& stamps = frame.stamps();
        octets += frame.jpeg().size();
        age.add(now - stamps.captured);
        encoding.add(stamps.ready - stamps.taken);
        crossing.add(now - stamps.ready);
    }
};

}  // namespace onlooker::camera
