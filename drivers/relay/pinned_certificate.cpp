#include "relay/pinned_certificate.hpp"

#include <curl/curl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string_view>

namespace onlooker::drivers {

namespace {

// RSA of 1024 bits, which old cameras have and which nobody breaks at home. Below that the key can
// be had for a few coins (RSA of 512 bits), and the pin would be worth nothing.
constexpr int least_security_bits = 80;

// Called by libssl in the place of its own verification.
int verify(X509_STORE_CTX* context, void* pins) {
    X509* shown = X509_STORE_CTX_get0_cert(context);
    if (static_cast<const PinnedCertificates*>(pins)->contains(shown)) {
        X509_STORE_CTX_set_error(context, X509_V_OK);
        return 1;
    }
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_UNTRUSTED);
    return 0;
}

}  // namespace

bool PinnedCertificates::supported() noexcept {
    const char* library = curl_version_info(CURLVERSION_NOW)->ssl_version;
    return library != nullptr && std::string_view(library).starts_with("OpenSSL");
}

PinnedCertificates::PinnedCertificates(const std::string& pem_file) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(pem_file.c_str(), "r"),
                                                         &BIO_free);
    while (X509* certificate =
               file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr)
        certificates_.emplace_back(certificate);
    ERR_clear_error();  // reading ends with "no start line"
}

bool PinnedCertificates::contains(const X509* certificate) const noexcept {
    const EVP_PKEY* key = certificate != nullptr ? X509_get0_pubkey(certificate) : nullptr;
    return key != nullptr && EVP_PKEY_get_security_bits(key) >= least_security_bits &&
           std::ranges::any_of(certificates_, [&](const auto& pinned) {
               return X509_cmp(pinned.get(), certificate) == 0;
           });
}

void PinnedCertificates::install(void* ssl_context) const noexcept {
    auto* context = static_cast<SSL_CTX*>(ssl_context);
    // Its signature is not relied on: a camera's own is often of SHA-1, or its key is short.
    SSL_CTX_set_cert_verify_callback(context, &verify, const_cast<PinnedCertificates*>(this));
}

}  // namespace onlooker::drivers
