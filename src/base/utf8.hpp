// UTF-8 (RFC 3629), as far as it has to be told from what is none.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onlooker {

struct Utf8Character {
    std::size_t length;  // in octets; 0: there is none
    std::uint32_t code;
};

// The character beyond ASCII at the front of `text`, which is not empty, if it is whole.
Utf8Character front_of_utf8(std::string_view text) noexcept;

// ASCII is, too.
bool is_utf8(std::string_view text) noexcept;

// What was meant by octets of which each is a character, as in ISO-8859-1.
std::string utf8_of_latin1(std::string_view text);

}  // namespace onlooker
