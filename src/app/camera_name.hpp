// What a camera may be called in URLs, and what to call one whose owner gave it another name.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace onlooker::app {

inline constexpr std::size_t longest_name = 32;

// True for [A-Za-z0-9_-]{1,32}.
bool is_plain_name(std::string_view name) noexcept;

// The plain name nearest to `name`: "kueche" for "Küche"; empty when none is near.
std::string plain_name_for(std::string_view name);

}  // namespace onlooker::app
