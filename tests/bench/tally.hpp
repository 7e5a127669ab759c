// What the viewers saw, and the report made of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clock.hpp"
#include "pictures.hpp"
#include "process_watch.hpp"

namespace onlooker::bench {

// Of one viewer, within the window.
struct ViewerTally {
    std::uint64_t last_sequence = 0;
    std::uint64_t frames = 0;
    std::uint64_t repeated = 0;
    Nanoseconds age_sum = 0;        // of `frames`
    Nanoseconds connected = 0;      // when connect() was called
    Nanoseconds first_picture = 0;  // when its last octet was there; 0: never
};

class Tally {
  public:
    // Only pictures captured in [begin, end) count, however late they arrive.
    void set_window(Nanoseconds begin, Nanoseconds end) noexcept {
        begin_ = begin;
        end_ = end;
    }
    void picture(ViewerTally& viewer, const Stamp& stamp, Nanoseconds now);

    struct Surroundings {
        unsigned not_reading = 0;
        unsigned slow = 0;
        unsigned closed = 0;  // connections that the server ended, or that failed
        ProcessReading begin;
        ProcessReading end;
        std::int64_t own_before = 0;  // private memory with one viewer
        std::int64_t own_begin = 0;   // the same when the window begins
        std::uint64_t counted = 0;    // by the --counter, within the window
        Nanoseconds load_cpu = 0;     // of the load generator itself
    };
    // One line of JSON.
    std::string report(const std::vector<ViewerTally*>& viewers, const Surroundings& around) const;

  private:
    Nanoseconds begin_ = 0;
    Nanoseconds end_ = 0;
    std::uint64_t first_sequence_ = 0;
    std::uint64_t last_sequence_ = 0;
    std::uint64_t octets_ = 0;           // of pictures that were new to their viewer
    std::uint64_t repeated_octets_ = 0;  // of those that the viewer had already
    std::vector<std::uint32_t> ages_;    // microseconds
};

}  // namespace onlooker::bench
