// What RFC 9110 and 9112 leave to a server when the grammar of a header section is right: whether
// its fields say one thing about the length of the body, and name one host.
//
// All that the header section alone can show to be wrong is found here, before routing and method:
// what two servers on the way could read in two ways is refused (request smuggling).
//
// Pure. Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "http/message/request.hpp"

namespace onlooker::http {

// Why a request is not served.
struct Refusal {
    int status = 400;
    std::string_view sentence;  // a constant, for the client

    bool operator==(const Refusal&) const = default;
};

// How the body ends.
struct BodyFraming {
    bool chunked = false;
    std::uint64_t octets = 0;  // unless chunked

    bool operator==(const BodyFraming&) const = default;
};

// Judges the header fields of `request`; of several faults it tells that of Transfer-Encoding, then
// that of Content-Length, then that of Host. `longest_body` is in octets.
std::variant<BodyFraming, Refusal> judge_head(const Request& request, std::size_t longest_body);

// Whether a field of that name says where the body ends.
bool frames_body(std::string_view field_name) noexcept;

// Whether the client wants the connection to stay open after the answer (RFC 9112, section 9.3).
bool should_keep_alive(const Request& request) noexcept;

}  // namespace onlooker::http
