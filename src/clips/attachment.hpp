// The name under which a browser saves a clip: "Front door 2026-11-29 12-44-30.mkv", by the
// camera's title and the local time at which it begins.
//
// Pure, but for the machine's time zone; any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace onlooker::clips {

// The value of a Content-Disposition field (RFC 6266): filename with the camera's name, which is
// plain ASCII, and filename* (RFC 8187) with its title in whatever script, where that is another.
// What cannot stand in the name of a file becomes '_'.
std::string attachment(std::string_view name, std::string_view title,
                       std::chrono::system_clock::time_point begins, std::string_view extension);

}  // namespace onlooker::clips
