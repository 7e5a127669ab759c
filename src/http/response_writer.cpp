#include "http/response_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace onlooker::http {

namespace {

// A write of a long generated answer.
constexpr std::size_t gathered_octets = 16 * 1024;

// Rows are counted too: a generator of empty ones must not hold the loop.
constexpr int most_rows_gathered = 4096;

// Appends rows until there are `wanted` octets. False when there are no more rows.
bool gather(TextGenerator& rows, std::string& into, std::size_t wanted) {
    for (int count = 0; into.size() < wanted && count < most_rows_gathered; ++count) {
        const std::string_view* row = rows.next();
        if (!row)
            return false;
        into.append(*row);
    }
    return true;
}

// What stands behind the rows of one write (RFC 9112, section 7.1).
std::string_view chunk_end(bool has_rows, bool more) noexcept {
    if (has_rows)
        return more ? "\r\n" : "\r\n0\r\n\r\n";
    return more ? "" : "0\r\n\r\n";
}

// The first row goes out with the head; the others are gathered, so that a row is not a system
// call.
Awaitable<bool> write_generated(Channel& channel, TextGenerator& rows, std::string head,
                                bool chunked) {
    std::string gathered;
    std::size_t wanted = 1;
    bool more = true;
    while (more && !channel.aborted()) {
        gathered.clear();
        more = gather(rows, gathered, wanted);
        wanted = gathered_octets;
        std::string_view tail;
        if (chunked) {
            if (!gathered.empty())
                head += fmt::format("{:x}\r\n", gathered.size());
            tail = chunk_end(!gathered.empty(), more);
        }
        std::array pieces{bytes_of(head), bytes_of(gathered), bytes_of(tail)};
        if (!co_await channel.write(pieces))
            co_return false;
        head.clear();
        co_await channel.yield();
    }
    co_return !more;
}

ConstBytes body_of(const Response& response) noexcept {
    if (response.status == 204 || response.status == 304)
        return {};
    if (const auto* text = std::get_if<std::string>(&response.body))
        return bytes_of(*text);
    if (const auto* shared = std::get_if<SharedBytes>(&response.body))
        return shared->data;
    return {};
}

}  // namespace

Awaitable<bool> write_response(Channel& channel, Response& response, HeadOptions options) {
    auto* rows = std::get_if<TextGenerator>(&response.body);
    const bool chunked = is_chunked(response, options.version_minor);
    // Other rows end by closing.
    if (rows)
        options.keep_alive = options.keep_alive && chunked;
    std::string head = write_head(response, options);
    if (rows && !options.is_head_request) {
        const bool whole = co_await write_generated(channel, *rows, std::move(head), chunked);
        co_return whole&& options.keep_alive;
    }
    std::array pieces{bytes_of(head), options.is_head_request ? ConstBytes{} : body_of(response)};
    const bool whole = co_await channel.write(pieces);
    co_return whole&& options.keep_alive;
}

}  // namespace onlooker::http
