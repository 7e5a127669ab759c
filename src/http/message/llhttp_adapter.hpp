// llhttp as this server uses it, and the only file that knows it: C callbacks become calls of
// Events, an exception thrown in one passes through, and an error is a sentence for the client.
//
// Every leniency is off. llhttp knows the grammar of fields, lengths and chunks; what it leaves to
// a server is around it, in request_parser.hpp.
//
// No I/O, no clock. Owner: the request parser. Thread: any one.
#pragma once

#include <llhttp.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string_view>

namespace onlooker::http {

class LlhttpAdapter {
  public:
    // What was read. Pieces of one name, value or body come in order, cut anywhere; trailers come
    // as fields do. Each returns whether to read on.
    class Events {
      public:
        virtual bool on_field_begin() = 0;
        virtual bool on_field_name(std::string_view piece) = 0;
        virtual bool on_field_value(std::string_view piece) = 0;
        virtual bool on_head_end() = 0;
        virtual bool on_chunk_size(std::uint64_t octets) = 0;
        virtual bool on_body(std::string_view piece) = 0;
        virtual bool on_message_end() = 0;

      protected:
        ~Events() = default;
    };

    // `events` outlives the adapter.
    explicit LlhttpAdapter(Events& events) noexcept;
    LlhttpAdapter(const LlhttpAdapter&) = delete;
    LlhttpAdapter& operator=(const LlhttpAdapter&) = delete;

    // Forgets everything: a new request begins.
    void restart() noexcept;

    // Reads `text`; gives what is wrong with it, or nothing. Nothing too when an event said to
    // stop.
    std::string_view execute(std::string_view text);

    // From on_head_end() on: the connection may serve another request.
    bool should_keep_alive() const noexcept;
    // In on_head_end(): the client's wish to change the protocol (h2c, WebSocket) is not granted.
    void refuse_upgrade() noexcept { llhttp_.upgrade = 0; }

  private:
    struct Callbacks;

    Events& events_;
    llhttp_t llhttp_{};
    std::exception_ptr exception_;  // waits here until llhttp, which is C, has returned
    bool name_ended_ = true;
    bool stopped_ = false;
};

}  // namespace onlooker::http
