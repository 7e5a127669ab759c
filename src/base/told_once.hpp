// Remembers what the log has told already: a mistake that comes with every request is told once for
// each thing that it is about.
//
//     if (told.is_new(name)) refused.write(spdlog::level::warn, "{} is no name of this server",
//     name);
//
// Of subjects that others choose only the latest few dozen are remembered, so memory is bounded; a
// LimitedLog bounds the lines of somebody who makes up a new one each time.
//
// Thread: one at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onlooker {

class ToldOnce {
  public:
    // True unless `subject` is among the latest ones; now it is.
    bool is_new(std::string_view subject) noexcept;

  private:
    std::array<std::uint64_t, 64> seen_{};  // hashes; 0: none yet
    std::size_t next_ = 0;
};

}  // namespace onlooker
