// Octets in, a Request out.
//
//     octets --> LineDiscipline --> LlhttpAdapter --> judge_head, split_target --> Request
//
// llhttp knows the grammar of fields, lengths and chunks. Two things stand around it. Before it, a
// line discipline that llhttp versions differ in, and limits counted octet by octet. For that the
// parser gives llhttp one line, or one run of body octets, at a time; so it always knows what is
// head and what is body, and llhttp never sees an octet behind the end of the request. After it,
// what RFC 9110 and 9112 leave to a server: Host, Transfer-Encoding, versions, targets.
//
// A method that llhttp does not know (and PRI, SOURCE and others that make it change its mind about
// the protocol) is replaced by POST on the way in, so that a strange method is answered with 501
// only when all else about the request is right.
//
// No I/O, no clock. Thread: any one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message/head_rules.hpp"
#include "http/message/line_discipline.hpp"
#include "http/message/llhttp_adapter.hpp"
#include "http/message/request.hpp"

namespace onlooker::http {

// In octets, but for field_count.
struct RequestLimits {
    std::size_t request_line = 8 * 1024;  // without its line end; 414
    std::size_t fields = 16 * 1024;  // the header section with its line ends, trailers too; 431
    std::size_t field_count = 100;   // trailers too; 431
    std::size_t body = 64 * 1024;    // after chunked coding is undone; 413

    bool operator==(const RequestLimits&) const = default;
};

class RequestParser final : private LlhttpAdapter::Events {
  public:
    enum class Status : std::uint8_t {
        incomplete,  // give more
        complete,    // take() the request
        failed,      // answer with error_status() and close; nothing that follows may be read
    };

    explicit RequestParser(const RequestLimits& limits);
    RequestParser(const RequestParser&) = delete;
    RequestParser& operator=(const RequestParser&) = delete;

    // Takes octets off the front of `data` until the request is complete, or has failed, or there
    // are no more. What is left of `data` belongs to the next request.
    Status feed(std::string_view& data);

    Status status() const noexcept { return status_; }

    // Something of a request has come. (The empty lines that may precede one do not count.)
    bool started() const noexcept { return stage_ != Stage::before; }
    // The header section is complete: what is missing is body.
    bool in_body() const noexcept { return stage_ > Stage::fields; }

    // After `incomplete` with in_body(): the client waits for "100 Continue" (RFC 9110, 10.1.1).
    // True once.
    bool take_expects_continue() noexcept;

    // After `complete`. The parser is then ready for the next request.
    Request take();

    // What is known of a request that is not complete, for the log and the error answer.
    const Request& partial() const noexcept { return request_; }

    // After `failed`.
    int error_status() const noexcept { return error_status_; }
    std::string_view error_sentence() const noexcept { return error_sentence_; }

  private:
    enum class Stage : std::uint8_t {
        before,      // nothing but empty lines
        method,      //
        line,        // the rest of the request line
        fields,      //
        body,        // Content-Length octets
        chunk_size,  // a line
        chunk_data,  //
        chunk_end,   // the line end behind the data
        trailers,    //
    };

    void begin();
    void fail(int status, std::string_view sentence) noexcept;

    void feed_before(std::string_view& data);
    void feed_method(std::string_view& data);
    void feed_request_line(std::string_view& data);
    void feed_line(std::string_view& data);
    void feed_octets(std::string_view& data);

    bool accept_in_line(char c);
    bool within_limits(char c);
    void end_request_line();
    void end_line();
    void end_chunk_size();
    void execute(std::string_view text);

    // LlhttpAdapter::Events
    bool on_field_begin() override;
    bool on_field_name(std::string_view piece) override;
    bool on_field_value(std::string_view piece) override;
    bool on_head_end() override;
    bool on_chunk_size(std::uint64_t octets) override;
    bool on_body(std::string_view piece) override;
    bool on_message_end() override;
    void accept_head(const BodyFraming& framing);

    RequestLimits limits_;
    LlhttpAdapter llhttp_;
    LineDiscipline line_;
    Request request_;
    std::string method_;  // as it came, as far as it matters
    std::string_view error_sentence_;
    std::size_t field_octets_ = 0;
    std::size_t field_count_ = 0;
    std::uint64_t remaining_ = 0;  // octets of the body or chunk
    int error_status_ = 0;
    int empty_lines_ = 0;
    Status status_ = Status::incomplete;
    Stage stage_ = Stage::before;
    bool chunked_ = false;
    bool message_complete_ = false;
    bool expects_continue_ = false;
};

}  // namespace onlooker::http
