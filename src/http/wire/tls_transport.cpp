#include "http/wire/tls_transport.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace onlooker::http {

TlsTransport::TlsTransport(TcpSocket socket, TlsCertificate& certificate,
                           std::span<std::byte> scratch)
    : Transport(std::move(socket)), session_(certificate.session_over(*this)), scratch_(scratch) {
    this->socket().native_non_blocking(true);
}

ssize_t TlsTransport::send_some(ConstBytes octets) noexcept {
    const int flags = MSG_NOSIGNAL | MSG_DONTWAIT | (more_follows_ ? MSG_MORE : 0);
    ssize_t sent = 0;
    do {
        sent = ::send(socket().native_handle(), octets.data(), octets.size(), flags);
    } while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t TlsTransport::receive_some(std::span<std::byte> into) noexcept {
    ssize_t received = 0;
    do {
        received = ::recv(socket().native_handle(), into.data(), into.size(), MSG_DONTWAIT);
    } while (received < 0 && errno == EINTR);
    return received;
}

IoResult TlsTransport::try_write(std::span<const ConstBytes> pieces) {
    Remaining remaining(pieces);
    std::size_t written = 0;
    std::size_t all = 0;
    for (const ConstBytes piece : pieces)
        all += piece.size();
    while (!remaining.empty()) {
        const ConstBytes octets = remaining.gathered(scratch_);
        const ConstBytes next = octets.first(std::min(octets.size(), record_octets));
        more_follows_ = written + next.size() < all;
        const IoResult result = session_->write(next);
        more_follows_ = false;
        if (result.outcome != IoResult::Outcome::done)
            return written > 0 ? IoResult{IoResult::Outcome::done, written, {}} : result;
        remaining.drop(result.octets);
        written += result.octets;
    }
    return {IoResult::Outcome::done, written, {}};
}

// FIN behind the goodbye.
void TlsTransport::shutdown() {
    session_->say_goodbye();
    asio::error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace onlooker::http
