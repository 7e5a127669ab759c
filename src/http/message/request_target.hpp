// The request target (RFC 9112, section 3.2): its four forms, and what a server may make of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message/request.hpp"

namespace onlooker::http {

// Reads request.target into path and query. In absolute form the authority replaces the value of
// the Host field, or becomes it. What is wrong with the target comes back as a sentence; it is
// answered with 400.
std::optional<std::string_view> split_target(Request& request);

// The same for CONNECT, whose target is an authority. The path is then "/", and no route has it for
// such a method.
std::optional<std::string_view> split_authority(Request& request);

// For a log: printable, of bounded length, and without the signature of a link, which lets in
// whoever has it.
std::string shown_target(std::string_view target);

}  // namespace onlooker::http
