#include "http/wire/plain_transport.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace onlooker::http {

namespace {

// As many pieces as anything here writes at a time; what lies behind them is for the next call.
constexpr std::size_t most_pieces = 8;

ssize_t send_one(int fd, ConstBytes piece) noexcept {
    return ::send(fd, piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t send_several(int fd, std::span<const ConstBytes> pieces) noexcept {
    std::array<iovec, most_pieces> vectors{};
    std::size_t count = 0;
    for (const ConstBytes piece : pieces.first(std::min(pieces.size(), most_pieces)))
        // sendmsg does not write to what it is given, but its C type cannot say so.
        vectors[count++] = {const_cast<std::byte*>(piece.data()), piece.size()};
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

IoResult PlainTransport::try_read(std::span<std::byte> into) {
    return receive(into);
}

IoResult PlainTransport::try_write(std::span<const ConstBytes> pieces) {
    const int fd = socket().native_handle();
    ssize_t octets = 0;
    do {
        octets = pieces.size() == 1 ? send_one(fd, pieces.front()) : send_several(fd, pieces);
    } while (octets < 0 && errno == EINTR);
    if (octets < 0)
        return io_failure(IoResult::Outcome::wait_write);
    return {IoResult::Outcome::done, static_cast<std::size_t>(octets), {}};
}

IoResult PlainTransport::try_handshake() {
    return {};
}

void PlainTransport::shutdown() {
    asio::error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace onlooker::http
