#include "app/notify_socket.hpp"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/logging.hpp"

namespace onlooker::app {

namespace {

// Far more than anybody passes us; the kernel takes 253 (SCM_MAX_FD).
constexpr std::size_t most_descriptors = 64;

}  // namespace

NotifySocket::NotifySocket(std::string_view address) : address_(address) {
    if (address_.empty())
        return;
    const bool fits = address_.size() < sizeof(sockaddr_un::sun_path);
    if (!fits || (address_[0] != '/' && address_[0] != '@')) {
        logging::warn(
            "NOTIFY_SOCKET: expected a path or an abstract name; nobody is told how "
            "this service is");
        return;
    }
    if (address_[0] == '@')
        address_[0] = '\0';
    socket_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket_)
        logging::warn("no socket to tell the service manager by: {}", std::strerror(errno));
}

void NotifySocket::send(std::string_view state, std::span<const int> descriptors) {
    if (!socket_)
        return;
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(static_cast<char*>(to.sun_path), address_.data(), address_.size());
    // sendmsg does not write to what it is given, but its C type cannot say so.
    iovec text{const_cast<char*>(state.data()), state.size()};
    msghdr message{};
    message.msg_name = &to;
    message.msg_namelen = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    message.msg_iov = &text;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> control{};
    if (const auto passed = descriptors.first(std::min(descriptors.size(), most_descriptors));
        !passed.empty()) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(passed.size_bytes());
        cmsghdr* const header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(passed.size_bytes());
        std::memcpy(CMSG_DATA(header), passed.data(), passed.size_bytes());
    }
    if (::sendmsg(socket_.get(), &message, MSG_NOSIGNAL) < 0)
        failures_.write(spdlog::level::warn, "the service manager cannot be told \"{}\": {}",
                        state.substr(0, state.find('\n')), std::strerror(errno));
}

}  // namespace onlooker::app
