// What comes of a call that reads or writes and does not block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <system_error>

namespace onlooker::http {

struct IoResult {
    enum class Outcome : std::uint8_t {
        done,        // `octets` were transferred: one at least
        wait_read,   // nothing was; try again when the socket is readable
        wait_write,  // nothing was; try again when the socket is writable
        closed,      // read: the peer has sent all it will
        failed,      // `error` tells; the connection is over
    };
    Outcome outcome = Outcome::done;
    std::size_t octets = 0;
    std::error_code error{};
};

}  // namespace onlooker::http
