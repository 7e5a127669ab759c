#include "viewers.hpp"

#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace onlooker::test {
namespace {

UniqueFd ask(unsigned short port, const std::string& path) {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (!socket ||
        ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
        throw std::system_error(errno, std::generic_category(), "server");
    return socket;
}

}  // namespace

Viewers::Viewers(int count, unsigned short port, std::set<std::string> pictures)
    : pictures_(std::move(pictures)) {
    for (int i = 0; i < count; ++i)
        viewers_.push_back({ask(port, "/stream"), {}, Seen::nothing, false});
}

bool Viewers::all_see(Seen what, std::chrono::milliseconds limit) {
    for (Viewer& viewer : viewers_)
        viewer.seen = Seen::nothing;
    const auto end = SteadyClock::now() + limit;
    while (SteadyClock::now() < end) {
        read(std::chrono::milliseconds(20));
        if (std::ranges::all_of(viewers_,
                                [&](const Viewer& viewer) { return viewer.seen == what; }))
            return true;
    }
    return false;
}

void Viewers::watch_for(std::chrono::milliseconds time) {
    const auto end = SteadyClock::now() + time;
    while (SteadyClock::now() < end)
        read(std::chrono::milliseconds(20));
}

int Viewers::dropped() const {
    return static_cast<int>(
        std::ranges::count_if(viewers_, [](const Viewer& viewer) { return viewer.gone; }));
}

void Viewers::read(std::chrono::milliseconds wait) {
    std::vector<pollfd> descriptors;
    for (const Viewer& viewer : viewers_)
        descriptors.push_back({viewer.gone ? -1 : viewer.socket.get(), POLLIN, 0});
    ::poll(descriptors.data(), descriptors.size(), static_cast<int>(wait.count()));
    static std::array<char, 65536> buffer;
    for (std::size_t i = 0; i < viewers_.size(); ++i) {
        if (descriptors[i].revents == 0)
            continue;
        const ssize_t got = ::recv(viewers_[i].socket.get(), buffer.data(), buffer.size(), 0);
        viewers_[i].gone = got <= 0;
        if (got <= 0)
            continue;
        viewers_[i].received.append(buffer.data(), static_cast<std::size_t>(got));
        take_parts(viewers_[i]);
    }
}

// A part is a head with a length, an empty line, and so many octets.
void Viewers::take_parts(Viewer& viewer) {
    static const std::string length_field = "Content-Length: ";
    while (true) {
        const std::size_t field = viewer.received.find(length_field);
        if (field == std::string::npos)
            return;
        const std::size_t number = field + length_field.size();
        const std::size_t line = viewer.received.find("\r\n", number);
        const std::size_t body = viewer.received.find("\r\n\r\n", field);
        if (line == std::string::npos || body == std::string::npos)
            return;
        const auto length = parse_number<std::size_t>(
            std::string_view(viewer.received).substr(number, line - number));
        if (!length)
            throw std::runtime_error("a part with a length that is no number");
        if (viewer.received.size() < body + 4 + *length)
            return;
        const bool known = pictures_.contains(viewer.received.substr(body + 4, *length));
        viewer.seen = known ? Seen::picture : Seen::other;
        viewer.received.erase(0, body + 4 + *length);
    }
}

std::string get(unsigned short port, const std::string& path) {
    const UniqueFd socket = ask(port, path);
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::recv(socket.get(), buffer.data(), buffer.size(), 0)) > 0;)
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    return answer;
}

}  // namespace onlooker::test
