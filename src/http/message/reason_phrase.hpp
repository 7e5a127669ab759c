// The words of a status line, which no client heeds and every person at a terminal reads.
//
// Pure. Thread: any.
#pragma once

#include <string_view>

namespace onlooker::http {

// "Not Found" for 404; "Unknown" for a status that nothing here answers with.
std::string_view reason_phrase(int status) noexcept;

}  // namespace onlooker::http
