#include "http/wire/inherited_sockets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/in_a_child.hpp"

using onlooker::UniqueFd;
using onlooker::http::InheritedSocket;
using onlooker::http::take_inherited_sockets;

namespace {

using Environment = std::map<std::string, std::string>;
constexpr int self = 4711;  // as the number of this process

UniqueFd bound(const sockaddr* address, socklen_t size, int type = SOCK_STREAM) {
    UniqueFd fd(::socket(address->sa_family, type | SOCK_CLOEXEC, 0));
    REQUIRE(::bind(fd.get(), address, size) == 0);
    return fd;
}

UniqueFd bound_tcp() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return bound(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

UniqueFd listening(UniqueFd fd) {
    REQUIRE(::listen(fd.get(), 1) == 0);
    return fd;
}

UniqueFd listening_tcp() {
    return listening(bound_tcp());
}

UniqueFd bound_unix(int type = SOCK_STREAM) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // Of this size only, the kernel chooses an abstract name: unix(7), autobind.
    return bound(reinterpret_cast<const sockaddr*>(&address), sizeof(sa_family_t), type);
}

Environment names(const std::string& count, const std::string& listen_names = "") {
    return {{"LISTEN_PID", std::to_string(self)},
            {"LISTEN_FDS", count},
            {"LISTEN_FDNAMES", listen_names}};
}

// Whether it is so in a process that was started with these descriptors, from 3 on. A process of
// its own, since whatever this one has at those places is needed here.
template <typename Question>
bool started_with(const std::vector<UniqueFd>& fds, Question is_so) {
    return onlooker::test::in_a_child([&] {
        // Beyond those that are to be replaced.
        constexpr int aside = 200;
        for (std::size_t i = 0; i < fds.size(); ++i)
            ::dup2(fds[i].get(), aside + static_cast<int>(i));
        for (std::size_t i = 0; i < fds.size(); ++i)
            ::dup2(aside + static_cast<int>(i), 3 + static_cast<int>(i));
        return is_so();
    });
}

template <typename... Fds>
std::vector<UniqueFd> list(Fds... fds) {
    std::vector<UniqueFd> all;
    (all.push_back(std::move(fds)), ...);
    return all;
}

// What is refused, it says with these words.
bool refuses(const Environment& environment, const std::string& words) {
    try {
        (void)take_inherited_sockets(environment, self);
    } catch (const std::runtime_error& error) {
        return std::string(error.what()).find(words) != std::string::npos;
    }
    return false;
}

bool is_closed_on_exec(int fd) {
    return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

}  // namespace

TEST_SUITE("inherited sockets") {
    TEST_CASE("there are none without the variables, nor when they are another process's") {
        CHECK(take_inherited_sockets({}, self).empty());
        CHECK(started_with(list(listening_tcp()), [] {
            Environment environment = names("1");
            environment["LISTEN_PID"] = std::to_string(self + 1);
            return take_inherited_sockets(environment, self).empty() && !is_closed_on_exec(3);
        }));
        CHECK(take_inherited_sockets({{"LISTEN_FDS", "1"}}, self).empty());
        CHECK(take_inherited_sockets({{"LISTEN_PID", "x"}, {"LISTEN_FDS", "1"}}, self).empty());
    }

    TEST_CASE("each comes with its name and address, and is not handed on") {
        CHECK(started_with(list(listening_tcp(), listening(bound_unix())), [] {
            const std::vector<InheritedSocket> taken =
                take_inherited_sockets(names("2", "web:proxy"), self);
            return taken.size() == 2 && taken[0].fd.get() == 3 && taken[0].name == "web" &&
                   taken[0].address->address().is_loopback() && taken[0].address->port() != 0 &&
                   taken[1].name == "proxy" && !taken[1].address && is_closed_on_exec(3) &&
                   is_closed_on_exec(4);
        }));
    }

    TEST_CASE("one over IPv6 comes with its address") {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
        const UniqueFd there(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (!there ||
            ::bind(there.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            MESSAGE("left out: this machine has no IPv6");
            return;
        }
        auto fds =
            list(listening(bound(reinterpret_cast<const sockaddr*>(&address), sizeof address)));
        CHECK(started_with(fds, [] {
            const auto taken = take_inherited_sockets(names("1", "web"), self);
            return taken.size() == 1 && taken[0].address->address().is_v6() &&
                   taken[0].address->address().is_loopback();
        }));
    }

    TEST_CASE("names may be missing, or empty") {
        CHECK(started_with(list(listening_tcp(), listening_tcp(), listening_tcp()), [] {
            const auto taken = take_inherited_sockets(names("3", ":web"), self);
            return taken.size() == 3 && taken[0].name.empty() && taken[1].name == "web" &&
                   taken[2].name.empty();
        }));
    }

    TEST_CASE("a number that is none, or too many, is refused") {
        for (const char* count : {"", "two", "-1", "65", "1x", "99999999999999999999"}) {
            CAPTURE(count);
            CHECK(refuses(names(count), "expected a number of sockets, 0 to 64"));
        }
        CHECK(take_inherited_sockets(names("0"), self).empty());
    }

    TEST_CASE("what is no stream socket that listens is refused by its number and name") {
        const std::string words = "the inherited descriptor 3 (web) cannot be listened on";
        const auto is_refused = [&] { return refuses(names("1", "web"), words); };
        CHECK(started_with(list(bound_tcp()), is_refused));
        CHECK(started_with(list(bound_unix(SOCK_DGRAM)), is_refused));
        CHECK(started_with(list(listening(bound_unix(SOCK_SEQPACKET))), is_refused));
        CHECK(started_with(list(UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC))), is_refused));
        // The second one is told by its own number.
        CHECK(started_with(list(listening_tcp(), bound_tcp()), [] {
            return refuses(names("2", "web:proxy"), "descriptor 4 (proxy)");
        }));
    }

    TEST_CASE("a name from outside is shown without what would spoil the log") {
        CHECK(started_with(list(bound_tcp()), [] {
            const Environment environment = names("1", "web\n<0>panic");
            return refuses(environment, "cannot be listened on") && !refuses(environment, "\n");
        }));
    }
}
