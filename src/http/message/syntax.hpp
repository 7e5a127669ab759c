// The character classes and small grammars of RFC 9110 and RFC 3986 that more than one file needs.
#pragma once

#include <string_view>

namespace onlooker::http {

// A method or field name character (RFC 9110, section 5.6.2).
bool is_token_char(char c) noexcept;

// Takes the next element of a comma-separated list off `list`, trimmed; it may be empty.
std::string_view next_element(std::string_view& list) noexcept;

// "HTTP/" DIGIT "." DIGIT (RFC 9112, section 2.3).
bool is_http_version(std::string_view text) noexcept;

// uri-host [ ":" port ] (RFC 9110, section 7.2), not empty.
bool is_valid_host(std::string_view text) noexcept;

// If-None-Match names `etag`: it is a list of entity tags, or "*" (RFC 9110, section 13.1.2). Ours
// hold no comma, and nothing is lost when a foreign one that does is not understood.
bool names_entity_tag(std::string_view if_none_match, std::string_view etag) noexcept;

}  // namespace onlooker::http
