// Keeps a camera that says the same thing again and again from filling the log with it.
//
// A line is written when it is said first, and then as a reminder once in ten minutes. Lines that
// differ each time are limited, too: a few at once, then one a minute.
//
// Owner: whoever writes the lines. Thread: one at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/limited_log.hpp"

namespace onlooker::camera {

class RepeatedWarning {
  public:
    // How many were left out since the last line, if this one may be written now; otherwise
    // nothing, and it counts as left out.
    std::optional<std::uint64_t> admit(std::string_view words, SteadyTime now);

    // admit(), and the line at level warn: "camera NAME: words".
    void write(std::string_view camera, std::string_view words, SteadyTime now);

  private:
    static constexpr std::chrono::minutes remind_after{10};
    static constexpr std::size_t most_remembered = 8;

    struct Told {
        std::string words;
        SteadyTime at;
    };

    std::deque<Told> told_;  // the oldest first
    LogLimit limit_{{.at_once = 5, .interval = std::chrono::minutes(1)}};
    std::uint64_t left_out_ = 0;
};

}  // namespace onlooker::camera
