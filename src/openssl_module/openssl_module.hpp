// What the module onlooker_openssl.so gives the program: HTTPS, and the digests of logins. It is a
// module so that OpenSSL, which is a fifth of what an idle server has in memory, comes with the
// first certificate or login and never without one. Programs that have their libraries in
// themselves, and the tests, are linked with it instead (linked.cpp in place of loaded.cpp).
//
// Owner: the module, which is never unloaded. Thread: any, but for certificates (http/wire/
// tls_session.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "access/crypto.hpp"
#include "http/wire/tls_session.hpp"

namespace onlooker::openssl_module {

struct CertificateFacts {
    std::chrono::sys_seconds expires;
    std::string fingerprint;  // SHA-256, as browsers show it: "4F:0A:..."
};

struct Table {
    const char* interface = nullptr;

    // From two files that can be read, both PEM: a certificate chain, and the key of its first.
    // Throws std::runtime_error that says which file is wrong, how, and what to do.
    std::unique_ptr<http::TlsCertificate> (*load_certificate)(const std::string& certificate,
                                                              const std::string& key) = nullptr;

    // A new key, P-256, and a certificate for it from `now` on, PEM. `names`: who it is for, as
    // x509v3_config(5) writes subjectAltName. Throws std::runtime_error.
    std::string (*make_self_signed)(const std::string& names,
                                    std::chrono::sys_seconds now) = nullptr;
    // Of the first certificate in a PEM text; nothing: there is none.
    std::optional<CertificateFacts> (*facts_of)(const std::string& pem) = nullptr;

    // What access/crypto.hpp says of each. They throw std::bad_alloc.
    access::Digest (*sha256)(std::string_view text) = nullptr;
    access::Digest (*hmac_sha256)(std::span<const std::byte> key, std::string_view text) = nullptr;
    bool (*equal)(const access::Digest& a, const access::Digest& b) noexcept = nullptr;
    // RFC 4648, section 4, with padding.
    std::string (*base64)(std::span<const std::byte> octets) = nullptr;
    std::optional<std::string> (*base64_decoded)(std::string_view text) = nullptr;
};

// The module's, which is opened with the first call. Throws ModuleError (base/module_file.hpp), and
// tries again with the next call.
const Table& table();

// Where the module is looked for; before the first use.
void look_in(std::vector<std::filesystem::path> folders);

// Compared before anything else is touched.
inline constexpr const char* openssl_interface =
    "onlooker openssl 1, "
#if defined(_GLIBCXX_USE_CXX11_ABI)
    "libstdc++"
#else
    "another standard library"
#endif
    ;

// The symbol that the module exports: a Table.
inline constexpr const char* openssl_module_symbol = "onlooker_openssl_module";
inline constexpr const char* openssl_module_file = "onlooker_openssl.so";

}  // namespace onlooker::openssl_module
