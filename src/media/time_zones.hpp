// The names of time zones, as the system has them (package tzdata). Any thread; reads files.
#pragma once

#include <string>
#include <string_view>

namespace onlooker::media {

// Empty, or what is wrong with the name of a time zone, in words: "there is no time zone Berlin;
// did you mean Europe/Berlin?"
std::string check_time_zone(std::string_view name);

}  // namespace onlooker::media
