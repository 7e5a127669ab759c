// The lines of the program's log: spdlog's default logger, with the text made by fmt's library.
//
// spdlog::info() and its like with arguments compile all of fmt's formatting into each file that
// calls them, which is about half of what such a file takes to compile.
//
// A line of a level that is not logged costs nothing. Thread: any.
#pragma once

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace onlooker::logging {

template <typename... Args>
void log(spdlog::level::level_enum level, fmt::format_string<Args...> format, Args&&... args) {
    if (spdlog::should_log(level))
        spdlog::log(level, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::debug, format, std::forward<Args>(args)...);
}

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::info, format, std::forward<Args>(args)...);
}

template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::warn, format, std::forward<Args>(args)...);
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    log(spdlog::level::err, format, std::forward<Args>(args)...);
}

}  // namespace onlooker::logging
