// What users, tokens, keys and links may be called. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace onlooker::access {

inline constexpr std::size_t longest_user_name = 64;  // octets
inline constexpr std::size_t longest_word = 64;

// Visible letters of any script in UTF-8, without blanks, colons (RFC 7617 has none in a name),
// commas, backslashes, and without '#' in front. Safe in a log.
bool is_user_name(std::string_view name);

// [A-Za-z0-9_.-]{1,64}: the name of a token or a camera, and the id of a key or a link.
bool is_word(std::string_view word) noexcept;

}  // namespace onlooker::access
