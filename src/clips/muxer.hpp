// From JPEGs with times to the octets of a file. What implements it is in a module of its own
// (clip_module.hpp), so that only a server that has recorded a clip has libavformat in its memory.
//
// A file is made from its beginning to its end and nothing in it is changed later, so that it can
// be sent while it grows. What each format can and cannot do:
//
//     mkv   Matroska: times to the millisecond; plays up to where it was cut, wherever that is.
//           Clusters of a second at most, and no index: players seek in it by reading.
//     mp4   fragments of half a second at most, times to the 90000th of a second; cut, it plays up
//           to the last picture that is whole. MJPEG in MP4 (object type 0x6C) is known to ffmpeg,
//           VLC and GStreamer; browsers show it in none of the three formats.
//     avi   the format for old programs. It has no times, only pictures at an even rate: here it is
//           1000 a second, of which most are empty and say that the last one stays (8 octets each).
//           A time-lapse is even and has no empty ones. There is no index behind the pictures, for
//           the place where it stands would have to be told in front of them; players read through,
//           or offer to make one.
//
// A picture of another size than the first is written like any other: each JPEG says its size.
// Decoders of MJPEG follow it in all three formats; a player's window may keep the first size.
//
// Owner: a clip. Thread: one at a time. Units: octets; times since the first picture.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace onlooker::clips {

enum class Format : std::uint8_t { mkv, mp4, avi };

struct MuxerSettings {
    Format format = Format::mkv;
    unsigned width = 0;  // of the first picture
    unsigned height = 0;
    // Between two pictures, where all are equally far from each other; 0: they are not.
    std::chrono::microseconds interval{0};
    std::string title{};                             // UTF-8
    std::chrono::system_clock::time_point begins{};  // of the first picture
};

class Muxer {
  public:
    // Is given the file piece by piece, during the calls below. What it throws ends the call.
    using Sink = std::function<void(std::span<const std::byte>)>;

    virtual ~Muxer() = default;

    // One picture more. A time that is not later than the one before is made so, by one tick of the
    // format. Of pictures that are rare none is kept back until the next one. Both throw
    // std::runtime_error, with what libavformat said, and std::bad_alloc.
    virtual void write(std::span<const std::byte> jpeg, std::chrono::microseconds time) = 0;
    // The end of the file. Nothing is written after it.
    virtual void finish() = 0;
};

}  // namespace onlooker::clips
