// When a picture was taken, as the servers in the field write it.
//
//     1700000000.123456           onlooker, uStreamer, mjpg-streamer, web_video_server
//     1700000000123               milliseconds; 16 digits: microseconds; 19: nanoseconds
//     2023-11-14T22:13:20.123Z    ISO 8601, also with a blank for the T, and with +hh:mm
//
// mjpg-streamer and ESP32-CAM write seconds since they were switched on when they know no better:
// such a stamp is no wall clock and is refused, like everything before 2001 and after 2200.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace onlooker::drivers {

std::optional<std::chrono::system_clock::time_point> parse_capture_stamp(std::string_view text);

}  // namespace onlooker::drivers
