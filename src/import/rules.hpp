// What becomes of an option, as the tables of the other programs name it.
//
// Pure; any thread. Errors of the rules: ConfigError, which names the option.
#pragma once

#include <string_view>

#include "import/peer_options.hpp"

namespace onlooker::importing {

// A key of the camera with the value as it is.
Rule camera_key(std::string_view key);
// The same where the value is a number from `lowest` to `highest`; `none` means the camera's own
// choice, and gives no key.
Rule camera_number(std::string_view key, double lowest, double highest,
                   std::string_view none = "0");
// size=WIDTHxHEIGHT.
Rule camera_size();
// One of the two; the other is what is there, or that of 640x480.
Rule camera_width();
Rule camera_height();
// A key with a value of ours, where the option is given or its value says yes.
Rule camera_flag(std::string_view key, std::string_view value = "true");
// A control of the camera: a number, or "auto", which sets `automatic` to 1, where there is one,
// and a number sets it to 0; "default" leaves the camera as it is.
Rule camera_control(std::string_view id, std::string_view automatic = {});
// Where the pictures come from.
Rule camera_source();

// A setting of the program with the value as it is.
Rule setting(std::string_view name);
// The same with a value of ours.
Rule fixed_setting(std::string_view name, std::string_view value);
// The name of a login.
Rule login_name();
// NAME:PASSWORD.
Rule login_pair();

// No counterpart: what it did there, and what takes its place.
Rule remark(std::string_view text);
// Nothing to say: it is so here, too, or it asks for nothing.
Rule ignored();

// "1280x720", or one of the names that mjpg-streamer has for sizes; throws ConfigError.
std::string size_of(const Given& given);
// Where none was given: the size that uStreamer and mjpg-streamer take by themselves, with a
// remark.
void use_default_size(Draft& draft, std::string_view word);
// A number with an optional fraction; throws ConfigError when it is none or not within the limits.
double number_of(const Given& given, double lowest, double highest);
bool yes_of(const Given& given);
// At most three digits behind the point, as our options take them.
std::string shown_number(double value);

}  // namespace onlooker::importing
