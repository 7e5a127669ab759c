#include "openssl_module/session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace onlooker::openssl_module {

namespace {

using http::IoResult;
using http::TlsWire;

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

// What OpenSSL writes to and reads from: its own for sockets has no place for flags.
TlsWire& wire_of(BIO* bio) {
    return *static_cast<TlsWire*>(::BIO_get_data(bio));
}

int write_to_wire(BIO* bio, const char* octets, int count) {
    ::BIO_clear_retry_flags(bio);
    const ssize_t sent =
        wire_of(bio).send_some(std::as_bytes(std::span(octets, static_cast<std::size_t>(count))));
    if (sent < 0 && errno == EAGAIN)
        ::BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int read_from_wire(BIO* bio, char* into, int room) {
    ::BIO_clear_retry_flags(bio);
    const ssize_t received = wire_of(bio).receive_some(
        std::as_writable_bytes(std::span(into, static_cast<std::size_t>(room))));
    if (received < 0 && errno == EAGAIN)
        ::BIO_set_retry_read(bio);
    if (received == 0)
        ::BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(received);
}

// Of those to which everything is a mistake but writing, reading and "is it over?".
long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF)
        return ::BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH;
}

BIO_METHOD* make_method() {
    BIO_METHOD* made =
        ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "onlooker's socket");
    if (!made)
        throw std::bad_alloc();
    ::BIO_meth_set_write(made, write_to_wire);
    ::BIO_meth_set_read(made, read_from_wire);
    ::BIO_meth_set_ctrl(made, control);
    return made;
}

BIO* bio_over(TlsWire& wire) {
    static BIO_METHOD* const method = make_method();  // for as long as the process lives
    BIO* bio = ::BIO_new(method);
    if (!bio)
        throw std::bad_alloc();
    ::BIO_set_data(bio, &wire);
    ::BIO_set_init(bio, 1);
    return bio;
}

}  // namespace

void Session::Free::operator()(ssl_st* ssl) const noexcept {
    ::SSL_free(ssl);
}

Session::Session(Ssl ssl, TlsWire& wire) : ssl_(std::move(ssl)) {
    BIO* bio = bio_over(wire);
    ::SSL_set_bio(ssl_.get(), bio, bio);
    ::SSL_set_accept_state(ssl_.get());
}

// A session whose connection was cut off is as good as others (RFC 5246, section 7.2.1, and 8446):
// OpenSSL would forget it.
Session::~Session() {
    if (established_ && !broken_)
        ::SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN);
}

IoResult Session::handshake() {
    ::ERR_clear_error();
    const int returned = ::SSL_do_handshake(ssl_.get());
    if (returned != 1)
        return failure(returned);
    established_ = true;
    return {};
}

IoResult Session::read(std::span<std::byte> into) {
    ::ERR_clear_error();
    std::size_t octets = 0;
    const int returned = ::SSL_read_ex(ssl_.get(), into.data(), into.size(), &octets);
    if (returned != 1)
        return failure(returned);
    return {IoResult::Outcome::done, octets, {}};
}

IoResult Session::write(http::ConstBytes octets) {
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

IoResult Session::failure(int returned) {
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

void Session::say_goodbye() {
    if (!established_ || broken_)
        return;
    ::ERR_clear_error();
    (void)::SSL_shutdown(ssl_.get());
    ::ERR_clear_error();
}

}  // namespace onlooker::openssl_module
