// A server for the relay to ask: a process of its own, because the relay refuses to connect to a
// socket on which its own process listens.
//
//     UpstreamDouble upstream([](Visit& visit) {
//         visit.read_request();
//         visit.send("HTTP/1.1 200 OK\r\n...");
//     });
//
// The script runs in the child once per connection, one after the other; what it learns it can only
// tell by what it sends.
#pragma once

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"

namespace onlooker::test {

class Visit {
  public:
    Visit(int fd, int number) : fd_(fd), number_(number) {}

    int number() const noexcept { return number_; }  // of the connection, from 1

    // Up to the empty line; empty when the visitor has left.
    std::string read_request() {
        std::string request;
        char octet = 0;
        while (!request.ends_with("\r\n\r\n")) {
            if (::recv(fd_, &octet, 1, 0) != 1)
                return {};
            request += octet;
        }
        return request;
    }

    bool send(std::string_view text) {
        while (!text.empty()) {
            const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    // The connection ends by a reset, not by a close.
    void reset() {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

    // Until the visitor leaves or the time is over.
    void wait(std::chrono::milliseconds time) {
        pollfd left{.fd = fd_, .events = POLLRDHUP, .revents = 0};
        ::poll(&left, 1, static_cast<int>(time.count()));
    }

  private:
    int fd_;
    int number_;
};

class UpstreamDouble {
  public:
    explicit UpstreamDouble(std::function<void(Visit&)> script)
        : script_(std::move(script)), place_(bound_socket(0)), port_(port_of(place_)) {
        come_back();
    }
    UpstreamDouble(const UpstreamDouble&) = delete;
    UpstreamDouble& operator=(const UpstreamDouble&) = delete;
    ~UpstreamDouble() { leave(); }

    // Breaks its connections off; nobody answers at its port until it comes back.
    void leave() {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        child_ = -1;
    }
    void come_back() {
        const UniqueFd listener = bound_socket(port_);
        if (::listen(listener.get(), 8) != 0)
            throw std::runtime_error("no upstream double");
        child_ = ::fork();
        if (child_ == 0)
            serve(listener.get(), script_);
    }

    int port() const noexcept { return port_; }
    std::string url(std::string_view path = "/", std::string_view login = "") const {
        return "http://" + std::string(login) + "127.0.0.1:" + std::to_string(port_) +
               std::string(path);
    }

  private:
    // On a port of loopback; 0: on any. Several may be bound to one port as long as one listens.
    static UniqueFd bound_socket(int port) {
        UniqueFd bound(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        const int yes = 1;
        if (::setsockopt(bound.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
            ::bind(bound.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("no upstream double");
        return bound;
    }

    static int port_of(const UniqueFd& bound) {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        if (::getsockname(bound.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::runtime_error("no upstream double");
        return ntohs(address.sin_port);
    }

    [[noreturn]] static void serve(int listener, const std::function<void(Visit&)>& script) {
        for (int number = 1;; ++number) {
            const UniqueFd connection(::accept(listener, nullptr, nullptr));
            Visit visit(connection.get(), number);
            script(visit);
        }
    }

    const std::function<void(Visit&)> script_;
    const UniqueFd place_;  // keeps the port while nobody listens
    const int port_;
    pid_t child_ = -1;
};

}  // namespace onlooker::test
