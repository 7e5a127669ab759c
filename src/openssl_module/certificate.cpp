#include "openssl_module/certificate.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#if defined(__aarch64__)
#include <asm/hwcap.h>

#include <sys/auxv.h>
#endif

#include <chrono>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "openssl_module/errors.hpp"
#include "openssl_module/self_signed.hpp"
#include "openssl_module/session.hpp"

namespace onlooker::openssl_module {

namespace {

struct FreeContext {
    void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

// Whether the processor has instructions for AES. Those of a Raspberry Pi before the fifth do not.
bool has_aes() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("aes") != 0;
#elif defined(__aarch64__)
    return (::getauxval(AT_HWCAP) & HWCAP_AES) != 0;
#else
    return false;
#endif
}

void choose_ciphers(SSL_CTX* context) {
    static constexpr auto aes_12 =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
    static constexpr auto chacha_12 = "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
    static constexpr auto aes_13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
    static constexpr auto chacha_13 = "TLS_CHACHA20_POLY1305_SHA256";
    const auto ordered = [aes_is_fast = has_aes()](const char* aes, const char* chacha) {
        return aes_is_fast ? fmt::format("{}:{}", aes, chacha) : fmt::format("{}:{}", chacha, aes);
    };
    if (::SSL_CTX_set_cipher_list(context, ordered(aes_12, chacha_12).c_str()) != 1 ||
        ::SSL_CTX_set_ciphersuites(context, ordered(aes_13, chacha_13).c_str()) != 1)
        throw std::runtime_error("OpenSSL has none of the ciphers that HTTPS needs: " +
                                 last_error());
}

// Each takes about a KiB. Whoever comes back within the hour is spared a signature, and so are we.
constexpr long most_sessions = 512;
constexpr long session_lasts = 3600;  // seconds
constexpr std::string_view session_name = "onlooker";

void keep_sessions(SSL_CTX* context) {
    ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
    ::SSL_CTX_sess_set_cache_size(context, most_sessions);
    ::SSL_CTX_set_timeout(context, session_lasts);
    ::SSL_CTX_set_session_id_context(
        context, reinterpret_cast<const unsigned char*>(session_name.data()), session_name.size());
    // What TLS 1.3 calls a ticket is a name in the cache where SSL_OP_NO_TICKET is set.
    ::SSL_CTX_set_num_tickets(context, 1);
}

// Without this OpenSSL would ask at the terminal, and wait.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

Context make_context() {
    Context context(::SSL_CTX_new(::TLS_server_method()));
    if (!context)
        throw std::runtime_error("OpenSSL cannot start: " + last_error());
    SSL_CTX* raw = context.get();
    ::SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
    ::SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    choose_ciphers(raw);
    keep_sessions(raw);
    ::SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
    ::SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
    return context;
}

void use_certificate(SSL_CTX* context, const std::string& path) {
    if (::SSL_CTX_use_certificate_chain_file(context, path.c_str()) != 1)
        throw std::runtime_error(
            fmt::format("the TLS certificate {} cannot be used: {}; it should be a PEM file that "
                        "begins with the server's own certificate",
                        path, last_error()));
}

void use_key(SSL_CTX* context, const std::string& path, const std::string& certificate) {
    if (::SSL_CTX_use_PrivateKey_file(context, path.c_str(), SSL_FILETYPE_PEM) == 1 &&
        ::SSL_CTX_check_private_key(context) == 1)
        return;
    const int reason = ERR_GET_REASON(::ERR_peek_last_error());
    if (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH)
        throw std::runtime_error(
            fmt::format("the TLS key {} does not belong to the certificate {}; name the two that "
                        "were made together",
                        path, certificate));
    throw std::runtime_error(
        fmt::format("the TLS key {} cannot be used: {}; it should be a PEM file without a "
                    "passphrase (openssl pkey -in FILE -out NEW takes it off)",
                    path, last_error()));
}

class Certificate final : public http::TlsCertificate {
  public:
    explicit Certificate(Context context) : context_(std::move(context)) {}

    std::chrono::sys_seconds expires() const override {
        return end_of(::SSL_CTX_get0_certificate(context_.get()));
    }

    // Each session holds the context that it was made with, by OpenSSL's own count.
    std::unique_ptr<http::TlsSession> session_over(http::TlsWire& wire) override {
        Session::Ssl ssl(::SSL_new(context_.get()));
        if (!ssl)
            throw std::bad_alloc();
        return std::make_unique<Session>(std::move(ssl), wire);
    }

  private:
    Context context_;
};

}  // namespace

std::unique_ptr<http::TlsCertificate> load_certificate(const std::string& certificate,
                                                       const std::string& key) {
    ::ERR_clear_error();
    Context context = make_context();
    use_certificate(context.get(), certificate);
    use_key(context.get(), key, certificate);
    return std::make_unique<Certificate>(std::move(context));
}

}  // namespace onlooker::openssl_module
