// An answer: a pure value, made by a handler, written by the connection.
//
// Its body is one of four: text made for this answer; octets somebody else owns (a frame); a
// generator of text that is asked for more only while the client takes it (chunked on HTTP/1.1,
// ended by closing on 1.0); or a stream that takes the connection over until it ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/awaitable.hpp"
#include "base/generator.hpp"
#include "http/message/request.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

// What a stream sees of the connection it took over. Thread: the loop.
class StreamConnection {
  public:
    virtual Transport& transport() noexcept = 0;

    // The server wants to end, or the peer is gone: finish your part and return.
    virtual bool leaving() const noexcept = 0;

    // Called once when leaving() becomes true or the connection is aborted, so that a stream that
    // waits for something other than the socket wakes up. An empty function takes it back.
    virtual void on_leave(std::function<void()> wake) = 0;

    virtual const Request& request() const noexcept = 0;

  protected:
    ~StreamConnection() = default;
};

class StreamBody {
  public:
    virtual ~StreamBody() = default;

    // Sent in one write with the response head.
    virtual std::string preamble() = 0;

    // Runs until the stream is over; the connection is closed afterwards. For HEAD it is never
    // called. Ends quietly when the peer goes.
    virtual Awaitable<> run(StreamConnection& connection) = 0;

    // While it runs: the peer has sent its FIN. It may be gone, or may have closed its half only;
    // send something soon to find out which (peer_watch.hpp).
    virtual void peer_finished() {}
};

// Octets with their owner.
struct SharedBytes {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> data;
};

// Each value is sent as it comes; an empty one is skipped.
using TextGenerator = Generator<std::string_view>;

using Body = std::variant<std::string, SharedBytes, TextGenerator, std::unique_ptr<StreamBody>>;

// What a client that is turned away for now is told to wait.
constexpr std::chrono::seconds default_retry_after{2};

struct Response {
    int status = 200;
    std::vector<Header> headers;
    Body body;
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
    static Response html(std::string body);
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

}  // namespace onlooker::http
