#include "tls_client.hpp"

#include <fcntl.h>

#include <openssl/ssl.h>

#include <new>
#include <stdexcept>

namespace onlooker::bench {

namespace {

SSL_CTX* context() {
    static SSL_CTX* const made = ::SSL_CTX_new(::TLS_client_method());
    if (!made)
        throw std::bad_alloc();
    return made;
}

void set_blocking(int socket, bool blocking) {
    const int flags = ::fcntl(socket, F_GETFL);
    ::fcntl(socket, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

}  // namespace

TlsClient::TlsClient(int socket) : ssl_(::SSL_new(context()), &::SSL_free) {
    if (!ssl_ || ::SSL_set_fd(ssl_.get(), socket) != 1)
        throw std::bad_alloc();
    set_blocking(socket, true);
    if (::SSL_connect(ssl_.get()) != 1)
        throw std::runtime_error("the server does not shake hands over TLS");
    set_blocking(socket, false);
}

long TlsClient::outcome(int returned) const {
    switch (::SSL_get_error(ssl_.get(), returned)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return -1;
        case SSL_ERROR_ZERO_RETURN:
            return 0;
        default:
            return -2;
    }
}

long TlsClient::read(std::span<std::byte> into) {
    const int count = ::SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
    return count > 0 ? count : outcome(count);
}

long TlsClient::write(std::span<const std::byte> octets) {
    const int count = ::SSL_write(ssl_.get(), octets.data(), static_cast<int>(octets.size()));
    return count > 0 ? count : outcome(count);
}

}  // namespace onlooker::bench
