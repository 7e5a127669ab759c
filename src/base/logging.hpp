// The lines of the program's log: spdlog's default logger, with the text made by fmt's library.
//
// spdlog::info() and its like with arguments compile all of fmt's formatting into each file that
// calls them, which is about half of what such a file takes to compile.
//
// A line of a level that is not logged costs nothing. Errors: none. Many lines are written where
// memory has run out, in functions that must not throw; a line that finds none is lost, as with
// spdlog. Thread: any.
#pragma once

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace onlooker::logging {

void write(spdlog::level::level_enum level, fmt::string_view format,
           fmt::format_args args) noexcept;

template <typename... Args>
void log(spdlog::level::level_enum level, fmt::format_string<Args...> format,
         const Args&... args) noexcept {
    if (spdlog::should_log(level))
        write(level, format, fmt::make_format_args(args...));
}

template <typename... Args>
void debug(fmt::format_string<Args...> format, const Args&... args) noexcept {
    log(spdlog::level::debug, format, args...);
}

template <typename... Args>
void info(fmt::format_string<Args...> format, const Args&... args) noexcept {
    log(spdlog::level::info, format, args...);
}

template <typename... Args>
void warn(fmt::format_string<Args...> format, const Args&... args) noexcept {
    log(spdlog::level::warn, format, args...);
}

template <typename... Args>
void error(fmt::format_string<Args...> format, const Args&... args) noexcept {
    log(spdlog::level::err, format, args...);
}

}  // namespace onlooker::logging
