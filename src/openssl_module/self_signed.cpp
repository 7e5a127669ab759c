#include "openssl_module/self_signed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>
#include <stdexcept>

#include "openssl_module/errors.hpp"

namespace onlooker::openssl_module {

namespace {

// Safari takes no certificate that lasts longer, whoever signed it (Apple, "Requirements for
// trusted certificates in iOS 13 and macOS 10.15"); other browsers limit public authorities only.
constexpr auto lasts = std::chrono::days(825);
// For clocks that differ.
constexpr auto valid_since = std::chrono::hours(1);
constexpr long version_3 = 2;  // X.509 counts from zero
constexpr int serial_octets = 16;

template <auto free>
struct Freed {
    template <typename T>
    void operator()(T* object) const noexcept {
        free(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<::EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, Freed<::X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<::X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<::BN_free>>;
using Memory = std::unique_ptr<BIO, Freed<::BIO_free_all>>;

void must(bool succeeded) {
    if (!succeeded)
        throw std::runtime_error("OpenSSL cannot make a self-signed certificate: " + last_error());
}

void add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context{};
    ::X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    must(extension && ::X509_add_ext(certificate, extension.get(), -1) == 1);
}

// A serial number of its own: Firefox refuses two certificates of one issuer with the same.
void number(X509* certificate) {
    std::array<unsigned char, serial_octets> octets{};
    must(::RAND_bytes(octets.data(), serial_octets) == 1);
    octets.front() &= 0x7F;
    const Number serial(::BN_bin2bn(octets.data(), serial_octets, nullptr));
    must(serial && ::BN_to_ASN1_INTEGER(serial.get(), ::X509_get_serialNumber(certificate)));
}

X509Certificate make_certificate(EVP_PKEY* key, const std::string& names,
                                 std::chrono::sys_seconds now) {
    X509Certificate made(::X509_new());
    must(made && ::X509_set_version(made.get(), version_3) == 1);
    number(made.get());
    const auto at = [](std::chrono::sys_seconds time) {
        return std::chrono::system_clock::to_time_t(time);
    };
    must(::ASN1_TIME_set(::X509_getm_notBefore(made.get()), at(now - valid_since)) &&
         ::ASN1_TIME_set(::X509_getm_notAfter(made.get()), at(now + lasts - valid_since)));
    X509_NAME* name = ::X509_get_subject_name(made.get());
    must(::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                      reinterpret_cast<const unsigned char*>("onlooker"), -1, -1,
                                      0) == 1 &&
         ::X509_set_issuer_name(made.get(), name) == 1 && ::X509_set_pubkey(made.get(), key) == 1);
    add_extension(made.get(), NID_subject_alt_name, names);
    add_extension(made.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(made.get(), NID_ext_key_usage, "serverAuth");
    must(::X509_sign(made.get(), key, ::EVP_sha256()) > 0);
    return made;
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    must(::X509_digest(certificate, ::EVP_sha256(), digest.data(), &size) == 1);
    return fmt::format("{:02X}", fmt::join(digest.begin(), digest.begin() + size, ":"));
}

}  // namespace

std::chrono::sys_seconds end_of(const X509* certificate) {
    tm end{};
    if (!certificate || ::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate), &end) != 1)
        return {};
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&end)));
}

std::string make_self_signed(const std::string& names, std::chrono::sys_seconds now) {
    ::ERR_clear_error();
    const Key key(::EVP_EC_gen("P-256"));
    must(key != nullptr);
    const X509Certificate certificate = make_certificate(key.get(), names, now);
    const Memory pem(::BIO_new(::BIO_s_secmem()));
    must(pem &&
         ::PEM_write_bio_PKCS8PrivateKey(pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                         nullptr) == 1 &&
         ::PEM_write_bio_X509(pem.get(), certificate.get()) == 1);
    char* text = nullptr;
    const long size = ::BIO_get_mem_data(pem.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::optional<CertificateFacts> facts_of(const std::string& pem) {
    const Memory text(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    must(text != nullptr);
    const X509Certificate certificate(::PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    ::ERR_clear_error();
    if (!certificate)
        return std::nullopt;
    return CertificateFacts{end_of(certificate.get()), fingerprint_of(certificate.get())};
}

}  // namespace onlooker::openssl_module
