// What may be shown of a text that can hold a password: a camera's description, a URL.
//
// A person who writes a password into a URL does not always encode it, so the login ends at the
// last '@' that can end one. Only what reads as host, port and path, as in http://h:80/a@b, is
// taken for that.
#pragma once

#include <string>
#include <string_view>

namespace onlooker {

// For the owner's own eyes (log, terminal): `text` printable and of bounded length, with the
// passwords of URLs and the values of keys such as password, token or secret replaced by "***".
// A value ends at a comma that is not written `\,`, or at '&'.
std::string without_secrets(std::string_view text);

// True when the value of `key` is never to be shown.
bool is_secret_key(std::string_view key) noexcept;

// For everybody's eyes (a card, an answer): `url` without login and query. Other text is only made
// printable.
std::string without_login(std::string_view url);

}  // namespace onlooker
