// What the kernel measures on a TCP connection. A file of its own, because the system's two headers
// for it exclude each other: <linux/tcp.h> here, <netinet/tcp.h> wherever Asio is.
#pragma once

#include <cstdint>
#include <optional>

namespace onlooker::http {

struct PathProbe {
    std::uint8_t state = 0;           // TCP_ESTABLISHED and so on, of <netinet/tcp.h>
    std::uint64_t delivery_rate = 0;  // octets per second
    std::uint64_t acknowledged = 0;   // octets since the connection began
    std::uint32_t min_rtt = 0;        // microseconds; zero: not measured yet
    std::uint32_t rtt = 0;            // microseconds, smoothed
    // Microseconds since the connection began: something was under way; of that, the peer's window
    // was full.
    std::uint64_t busy = 0;
    std::uint64_t window_full = 0;
};

std::optional<PathProbe> probe_path(int fd) noexcept;

}  // namespace onlooker::http
