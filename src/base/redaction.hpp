// What may be shown of a text that can hold a password: a camera's description, a URL.
//
// A person who writes a password into a URL does not always encode it: where it is not clear what
// belongs to it (url_login.hpp), rather too much is hidden. The same goes for a login whose http://
// was forgotten, admin:hush@host.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace onlooker {

// For the owner's own eyes (log, terminal): `text` printable and of bounded length, with the
// passwords of URLs and the values of keys such as password, token or secret replaced by "***".
// A value ends at the comma before the next `key=`, in a query also at '&'.
std::string without_secrets(std::string_view text);

// True when the value of `key` is never to be shown.
bool is_secret_key(std::string_view key) noexcept;

// For everybody's eyes (a card, an answer): `url` without login and query, and without the values
// of secret keys in its path.
std::string without_login(std::string_view url);

}  // namespace onlooker
