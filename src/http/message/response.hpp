// An answer: a pure value, made by a handler, written by the connection.
//
// Its body is one of four: text made for this answer; octets somebody else owns (a frame); a
// generator of text that is asked for more only while the client takes it; or a stream that takes
// the connection over until it ends (stream_body.hpp). The first two have a length; for the others
// the response says how the client finds their end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/generator.hpp"
#include "http/message/request.hpp"
#include "http/message/stream_body.hpp"

namespace onlooker::http {

// Octets with their owner.
struct SharedBytes {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> data;
};

// Each value is sent as it comes; an empty one is skipped.
using TextGenerator = Generator<std::string_view>;

using Body = std::variant<std::string, SharedBytes, TextGenerator, std::unique_ptr<StreamBody>>;

// How a client finds the end of a body whose length is not known.
enum class Framing : std::uint8_t {
    chunked,  // on HTTP/1.1; by closing on HTTP/1.0, which has no chunks
    // By closing, and the answer calls itself HTTP/1.0: for clients that search for marks in what
    // they read and would take the sizes of chunks for data.
    until_close,
};

// What a client that is turned away for now is told to wait.
constexpr std::chrono::seconds default_retry_after{2};

struct Response {
    int status = 200;
    std::vector<Header> headers;
    Body body;
    Framing framing = Framing::chunked;
    // Origins whose pages may show this answer in a frame, separated by spaces; empty: none.
    std::string frame_ancestors;

    Response& with(std::string name, std::string value) & {
        headers.push_back({std::move(name), std::move(value)});
        return *this;
    }
    Response&& with(std::string name, std::string value) && {
        headers.push_back({std::move(name), std::move(value)});
        return std::move(*this);
    }

    // The field once, with this value, whatever was there.
    void replace(std::string_view name, std::string value);
    // One more element in a field that is a list, such as Vary; nothing if it is there already.
    void add_to_list(std::string_view name, std::string_view element);

    static Response text(int status, std::string body);  // text/plain; a line end is added
    static Response json(std::string body);
    // What a client should read when something is wrong: the reason phrase and one sentence.
    static Response error(int status, std::string_view sentence);
    // 503 with Retry-After.
    static Response unavailable(std::string_view sentence,
                                std::chrono::seconds retry_after = default_retry_after);
};

// The status line and header fields as octets. Adds Date, Server, Content-Length or
// Transfer-Encoding as the body needs, Connection, and the security headers that every answer
// carries. A header name or value that holds CR, LF or NUL is left out, and logged: no answer can
// be split.
struct HeadOptions {
    int version_minor = 1;         // of the request
    bool keep_alive = true;        // after this answer
    bool is_head_request = false;  // the length is told and no body follows
};
std::string write_head(const Response& response, const HeadOptions& options);

// Whether the body of an answer to a request of HTTP/1.`version_minor` is sent in chunks.
bool is_chunked(const Response& response, int version_minor) noexcept;

}  // namespace onlooker::http
