#include "http/wire/tls_transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <new>
#include <string>
#include <system_error>
#include <utility>

namespace onlooker::http {

namespace {

// Errors of OpenSSL's own, told in its words.
class TlsCategory final : public std::error_category {
  public:
    const char* name() const noexcept override { return "TLS"; }
    std::string message(int reason) const override {
        const char* words =
            ::ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, static_cast<unsigned long>(reason)));
        return words ? words : "error " + std::to_string(reason);
    }
};

const TlsCategory tls_category;

}  // namespace

void TlsTransport::Free::operator()(ssl_st* ssl) const noexcept {
    ::SSL_free(ssl);
}

TlsTransport::TlsTransport(TcpSocket socket, Ssl ssl, std::span<std::byte> scratch)
    : Transport(std::move(socket)), ssl_(std::move(ssl)), scratch_(scratch) {
    this->socket().native_non_blocking(true);
    if (::SSL_set_fd(ssl_.get(), this->socket().native_handle()) != 1)
        throw std::bad_alloc();
    ::SSL_set_accept_state(ssl_.get());
}

TlsTransport::~TlsTransport() = default;

IoResult TlsTransport::try_handshake() {
    ::ERR_clear_error();
    const int returned = ::SSL_do_handshake(ssl_.get());
    if (returned != 1)
        return failure(returned);
    established_ = true;
    return {};
}

IoResult TlsTransport::try_read(std::span<std::byte> into) {
    ::ERR_clear_error();
    std::size_t octets = 0;
    const int returned = ::SSL_read_ex(ssl_.get(), into.data(), into.size(), &octets);
    if (returned != 1)
        return failure(returned);
    return {IoResult::Outcome::done, octets, {}};
}

IoResult TlsTransport::try_write(std::span<const ConstBytes> pieces) {
    Remaining remaining(pieces);
    std::size_t written = 0;
    while (!remaining.empty()) {
        const IoResult result = write_once(remaining.gathered(scratch_));
        if (result.outcome != IoResult::Outcome::done)
            return written > 0 ? IoResult{IoResult::Outcome::done, written, {}} : result;
        remaining.drop(result.octets);
        written += result.octets;
    }
    return {IoResult::Outcome::done, written, {}};
}

IoResult TlsTransport::write_once(ConstBytes octets) {
    // An error that came after some octets had been written is told now.
    if (broken_)
        return {IoResult::Outcome::failed, 0, std::make_error_code(std::errc::broken_pipe)};
    ::ERR_clear_error();
    std::size_t written = 0;
    const int returned = ::SSL_write_ex(ssl_.get(), octets.data(), octets.size(), &written);
    if (returned != 1)
        return failure(returned);
    return {IoResult::Outcome::done, written, {}};
}

IoResult TlsTransport::failure(int returned) {
    const int system_error = errno;
    switch (::SSL_get_error(ssl_.get(), returned)) {
        case SSL_ERROR_WANT_READ:
            return {IoResult::Outcome::wait_read, 0, {}};
        case SSL_ERROR_WANT_WRITE:
            return {IoResult::Outcome::wait_write, 0, {}};
        case SSL_ERROR_ZERO_RETURN:
            return {IoResult::Outcome::closed, 0, {}};
        case SSL_ERROR_SYSCALL:
            broken_ = true;
            return {IoResult::Outcome::failed, 0,
                    system_error != 0 ? std::error_code(system_error, std::system_category())
                                      : std::make_error_code(std::errc::connection_reset)};
        default:
            break;
    }
    broken_ = true;
    const int reason = ERR_GET_REASON(::ERR_peek_error());
    ::ERR_clear_error();
    if (reason == ERR_R_MALLOC_FAILURE)
        throw std::bad_alloc();
    peer_speaks_plain_ = !established_ && reason == SSL_R_HTTP_REQUEST;
    return {IoResult::Outcome::failed, 0, std::error_code(reason, tls_category)};
}

// close_notify, if OpenSSL is in a state to send it, and FIN behind it.
void TlsTransport::shutdown() {
    if (established_ && !broken_) {
        ::ERR_clear_error();
        (void)::SSL_shutdown(ssl_.get());
        ::ERR_clear_error();
    }
    asio::error_code ignored;
    socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace onlooker::http
