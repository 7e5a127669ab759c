#include "base/logging.hpp"

#include <iterator>

namespace onlooker::logging {

void write(spdlog::level::level_enum level, fmt::string_view format,
           fmt::format_args args) noexcept {
    try {
        // A line of usual length takes no memory but the stack's.
        fmt::memory_buffer line;
        fmt::vformat_to(std::back_inserter(line), format, args);
        spdlog::log(level, spdlog::string_view_t(line.data(), line.size()));
    } catch (...) {  // NOLINT(bugprone-empty-catch): there is nobody left to tell
    }
}

}  // namespace onlooker::logging
