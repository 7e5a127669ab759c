// delayline: a link with a rate and a delay between two network namespaces, for kernels without
// netem.
//
//     delayline --left NAMESPACE --right NAMESPACE --rate 20e6 --delay-ms 40
//         [--queue 250000] [--then-rate 5e6 --then-after 10] [--seconds 60]
//
// Makes a TUN device `line` in each (10.78.0.1 and 10.78.0.2) and carries packets between them:
// each waits for its turn at `rate` bits per second, then for the delay, one way; what finds more
// than `queue` octets before it is dropped, as a router does. Only the direction left to right has
// the rate; both have the delay. Needs root. Ends by itself after `seconds`, or when told to.

#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <exception>
#include <limits>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "clock.hpp"
#include "sockets.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage =
    R"(delayline: carries packets between two network namespaces, with a rate and a delay.

  --left NAME --right NAME   the namespaces; each gets a TUN device `line`
  --rate RATE                bits per second
  --delay-ms MILLISECONDS    one way
  --seconds SECONDS          how long
  --then-rate RATE --then-after SECONDS
                             another rate from then on
)";

// A device made while inside a namespace stays there; the descriptor works from anywhere.
UniqueFd make_device(const std::string& name_space) {
    const UniqueFd place(check(open(("/run/netns/" + name_space).c_str(), O_RDONLY | O_CLOEXEC),
                               "network namespace"));
    check(setns(place.get(), CLONE_NEWNET), "setns");
    UniqueFd device(check(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "/dev/net/tun"));
    ifreq request{};
    std::strncpy(request.ifr_name, "line", IFNAMSIZ - 1);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    check(ioctl(device.get(), TUNSETIFF, &request), "TUNSETIFF");
    return device;
}

class Direction {
  public:
    Direction(int from, int to, double octets_per_second, Nanoseconds delay, std::size_t room)
        : from_(from), to_(to), rate_(octets_per_second), delay_(delay), room_(room) {}

    void set_rate(double octets_per_second) noexcept { rate_ = octets_per_second; }
    int from() const noexcept { return from_; }

    void take_in(Nanoseconds now) {
        std::array<std::byte, 65536> packet;
        for (long size = 0; (size = read(from_, packet.data(), packet.size())) > 0;) {
            const auto count = static_cast<std::size_t>(size);
            if (rate_ > 0 && queued(now) + count > room_)
                continue;
            free_at_ = std::max(free_at_, now);
            if (rate_ > 0)
                free_at_ += static_cast<Nanoseconds>(static_cast<double>(count) / rate_ * 1e9);
            under_way_.push_back({free_at_ + delay_, {packet.begin(), packet.begin() + size}});
        }
    }

    void put_out(Nanoseconds now) {
        while (!under_way_.empty() && under_way_.front().arrives <= now) {
            const auto& packet = under_way_.front().octets;
            // A packet that the other side cannot take now is lost, as on any wire.
            if (write(to_, packet.data(), packet.size()) < 0 && errno == EINTR)
                continue;
            under_way_.pop_front();
        }
    }

    Nanoseconds next() const noexcept {
        return under_way_.empty() ? std::numeric_limits<Nanoseconds>::max()
                                  : under_way_.front().arrives;
    }

  private:
    // Octets that have not begun to leave.
    std::size_t queued(Nanoseconds now) const noexcept {
        const auto rest = static_cast<double>(std::max<Nanoseconds>(free_at_ - now, 0));
        return static_cast<std::size_t>(rest / 1e9 * rate_);
    }

    struct Packet {
        Nanoseconds arrives;
        std::vector<std::byte> octets;
    };
    int from_;
    int to_;
    double rate_;  // octets per second; 0: without limit
    Nanoseconds delay_;
    std::size_t room_;
    Nanoseconds free_at_ = 0;  // when the wire has sent all it has
    std::deque<Packet> under_way_;
};

struct Change {
    double rate = 0;
    Nanoseconds after = 0;
};

void carry(Direction& forth, Direction& back, Change change, Nanoseconds end) {
    const Nanoseconds begin = monotonic_now();
    for (Nanoseconds now = begin; now < end; now = monotonic_now()) {
        if (change.rate > 0 && now - begin >= change.after) {
            forth.set_rate(change.rate);
            change.rate = 0;
        }
        const Nanoseconds next = std::min({forth.next(), back.next(), now + 100 * one_millisecond});
        const timespec rest = to_timespec(std::max<Nanoseconds>(next - now, 0));
        std::array<pollfd, 2> ends{pollfd{forth.from(), POLLIN, 0}, pollfd{back.from(), POLLIN, 0}};
        ppoll(ends.data(), ends.size(), &rest, nullptr);
        const Nanoseconds then = monotonic_now();
        forth.take_in(then);
        back.take_in(then);
        forth.put_out(then);
        back.put_out(then);
    }
}

void run(int count, char** values) {
    Arguments arguments(count, values, usage);
    const std::string left_name = arguments.text("left", "left");
    const std::string right_name = arguments.text("right", "right");
    const double rate = arguments.number("rate", 20e6) / 8;
    const auto delay = static_cast<Nanoseconds>(arguments.number("delay-ms", 40) * 1e6);
    const auto room = static_cast<std::size_t>(arguments.integer("queue", 250'000));
    const Change change{
        .rate = arguments.number("then-rate", 0) / 8,
        .after = static_cast<Nanoseconds>(arguments.number("then-after", 10) * 1e9)};
    const auto length = static_cast<Nanoseconds>(arguments.number("seconds", 60) * 1e9);
    arguments.expect_no_others();

    prctl(PR_SET_TIMERSLACK, 1000UL);
    const UniqueFd left = make_device(left_name);
    const UniqueFd right = make_device(right_name);
    std::puts("ready");
    std::fflush(stdout);
    Direction forth(left.get(), right.get(), rate, delay, room);
    Direction back(right.get(), left.get(), 0, delay, room);
    carry(forth, back, change, monotonic_now() + length);
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    onlooker::bench::run(count, values);
} catch (const std::exception& error) {
    std::fprintf(stderr, "delayline: %s\n", error.what());
    return 2;
}
