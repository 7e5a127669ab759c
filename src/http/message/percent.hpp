// Percent-encoding (RFC 3986, section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace onlooker::http {

// `text` with each %XX decoded, once. Nothing if a '%' is not followed by two hexadecimal digits or
// stands for NUL, which no name of ours contains and every C function would stop at.
std::optional<std::string> percent_decoded(std::string_view text);

// The same for a form: '+' is a space, and a '%' that encodes nothing stays as it is, since queries
// written by hand come so.
std::string form_decoded(std::string_view text);

}  // namespace onlooker::http
