#include "http/wire/path_probe.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace onlooker::http {

std::optional<PathProbe> probe_path(int fd) noexcept {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return std::nullopt;
    PathProbe probe;
    probe.state = info.tcpi_state;
    probe.delivery_rate = info.tcpi_delivery_rate;
    probe.acknowledged = info.tcpi_bytes_acked;
    // The kernel says "not measured" with the greatest number there is.
    probe.min_rtt = info.tcpi_min_rtt == ~std::uint32_t{0} ? 0 : info.tcpi_min_rtt;
    probe.rtt = info.tcpi_rtt;
    probe.busy = info.tcpi_busy_time;
    probe.window_full = info.tcpi_rwnd_limited;
    return probe;
}

}  // namespace onlooker::http
