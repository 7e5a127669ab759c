// Octets in, a Request out.
//
//     octets --> LineDiscipline --> read_field_line --> judge_head, split_target --> Request
//
// Each octet is read once, by one reader. It is judged as it comes, so that no limit is passed; a
// line is read when it is whole, so that the verdict does not depend on how it was cut into
// packets.
//
// This is our own code rather than a library on purpose. llhttp refuses a method that it does not
// know before anything else about the request can be judged, it accepts request lines with several
// spaces or without a version, and its versions 8 and 9 accept different chunk extensions. Our
// rules had to read every line as well, and two readers that may disagree are what requests are
// smuggled through. All that the library would spare us is "name: value" and a hexadecimal number.
//
// No I/O, no clock. Owner: the request reader. Thread: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message/line_discipline.hpp"
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

class RequestParser {
  public:
    enum class Status : std::uint8_t {
        incomplete,  // give more
        complete,    // take() the request
        failed,      // answer with error_status() and close; nothing that follows may be read
    };

    explicit RequestParser(const RequestLimits& limits) : limits_(limits) {}

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
    void feed_line(std::string_view& data);
    void feed_octets(std::string_view& data);

    bool accept_in_line(char c);
    bool within_limits(char c);
    void end_line();
    void end_request_line();
    void end_field();
    void end_head();
    void end_chunk_size();

    RequestLimits limits_;
    LineDiscipline line_;
    Request request_;
    std::string text_;  // the method or the line being read; the target goes into request_
    std::string_view error_sentence_;
    std::size_t field_octets_ = 0;
    std::size_t field_count_ = 0;
    std::uint64_t remaining_ = 0;  // octets of the body or chunk
    int error_status_ = 0;
    int empty_lines_ = 0;
    Status status_ = Status::incomplete;
    Stage stage_ = Stage::before;
    bool authority_form_ = false;  // the method is CONNECT
    bool expects_continue_ = false;
};

}  // namespace onlooker::http
