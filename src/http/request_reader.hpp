// Requests out of a transport, one after the other, and how long each may take.
//
//     reader.read(transport) --> request   : take() it, answer it, read on
//                            --> wait_...  : wait until due(), then read on
//                            --> broken    : send error_answer() and end
//                            --> closed    : end
//
// Reads into a buffer that all connections share; what has come behind the request being answered
// is kept, which is one read's worth at most. Limits are total times, not pauses between octets.
//
// Never waits. Owner: the connection. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "base/awaitable.hpp"
#include "http/message/request.hpp"
#include "http/message/request_parser.hpp"
#include "http/message/response.hpp"
#include "http/wire/transport.hpp"

namespace onlooker::http {

struct ReadLimits {
    RequestLimits size;
    // From accept to the first octet of the first request.
    std::chrono::milliseconds first_request{15'000};
    // From the first octet of a request to the end of its header section; then 408.
    std::chrono::milliseconds head{10'000};
    // From there to the end of its body; then 408.
    std::chrono::milliseconds body{15'000};
    // Between requests; then the connection is closed without an answer.
    std::chrono::milliseconds idle{60'000};

    bool operator==(const ReadLimits&) const = default;
};

class RequestReader {
  public:
    enum class Status : std::uint8_t { request, broken, closed, wait_read, wait_write };

    // Both outlive the reader. `buffer` is used within a call of read() only.
    RequestReader(const ReadLimits& limits, std::span<std::byte> buffer);

    Status read(Transport& transport);

    // After `request`; read() then looks for the next one.
    Request take();

    // After `wait_...`: when the request must have come.
    SteadyTime due(SteadyTime now);
    // Nothing of a request has come.
    bool is_idle() const noexcept { return !parser_->started(); }
    // The client wants to hear "100 Continue" before it sends the body; true once per request.
    bool take_expects_continue() noexcept;

    // After `broken`, or when the time is up: what is known of the request, and what to answer.
    const Request& partial() const noexcept { return parser_->partial(); }
    Response error_answer() const;

    // After `closed`: what failed; nothing when the client closed in good order.
    const std::error_code& failure() const noexcept { return failure_; }

    // What has come behind the last request. After `request`.
    std::string take_unread();

    // Gives back memory that is not needed while nothing of a request is there.
    void release_unread() noexcept;
    // Nothing will be read any more, and what has come is never looked at.
    void release() noexcept;

  private:
    enum class Phase : std::uint8_t { waiting, head, body };

    Phase phase() const noexcept;
    std::chrono::milliseconds limit_of(Phase phase) const noexcept;
    void keep_unread(std::string_view octets);

    const ReadLimits& limits_;
    std::span<std::byte> buffer_;
    std::optional<RequestParser> parser_;
    SteadyTime due_{};
    std::string unread_;
    std::size_t unread_begin_ = 0;
    Phase due_of_ = Phase::waiting;
    bool due_is_set_ = false;
    bool first_ = true;
    std::error_code failure_;
};

}  // namespace onlooker::http
