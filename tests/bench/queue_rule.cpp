#include "queue_rule.hpp"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>

namespace onlooker::bench {

double QueueRule::best_rate(double sample) noexcept {
    samples_[next_sample_++ % samples_.size()] = sample;
    return *std::max_element(samples_.begin(), samples_.end());
}

double QueueRule::upper_bound(double acknowledged, Nanoseconds now) noexcept {
    const Acknowledged oldest =
        history_[history_size_ < history_.size() ? 0 : history_size_ % history_.size()];
    const bool first = history_size_ == 0;
    const Acknowledged& last = history_[(history_size_ + history_.size() - 1) % history_.size()];
    if (first || now - last.when >= one_second / 10)
        history_[history_size_++ % history_.size()] = {now, acknowledged};
    if (first || now - oldest.when < one_second / 2)
        return std::numeric_limits<double>::max();
    return 1.25 * (acknowledged - oldest.octets) / static_cast<double>(now - oldest.when) * 1e9;
}

Nanoseconds QueueRule::rest(int socket) {
    int unacknowledged = 0;
    if (ioctl(socket, SIOCOUTQ, &unacknowledged) != 0 || unacknowledged == 0) {
        ++empty_in_a_row_;
        history_size_ = 0;  // the wire was idle: what was acknowledged tells nothing of its rate
        return 0;
    }
    empty_in_a_row_ = 0;
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return 0;
    const double rate =
        std::min(best_rate(static_cast<double>(info.tcpi_delivery_rate)),
                 upper_bound(static_cast<double>(info.tcpi_bytes_acked), monotonic_now()));
    const double round_trip = static_cast<double>(info.tcpi_min_rtt) * 1e-6;
    // Two segments are always under way: the other side acknowledges every second one.
    const double held = std::max(rate * round_trip, 2.0 * info.tcpi_snd_mss);
    const double surplus = unacknowledged - held;
    if (surplus <= 0)
        return 0;
    const double wait = rate > 0 ? surplus / rate * 1e9 : 0;
    return std::clamp(static_cast<Nanoseconds>(wait), one_millisecond, 50 * one_millisecond);
}

}  // namespace onlooker::bench
