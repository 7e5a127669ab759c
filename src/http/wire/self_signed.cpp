#include "http/wire/self_signed.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): for mkstemp
#include <unistd.h>

#include <asio/ip/address.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/text.hpp"

namespace onlooker::http {

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
using Certificate = std::unique_ptr<X509, Freed<::X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<::X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<::BN_free>>;

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view doing, int error) {
    throw std::runtime_error(
        fmt::format("cannot {} the self-signed certificate {}: {}; name a folder that this user "
                    "may write to behind --tls-self-signed",
                    doing, file.string(), std::system_category().message(error)));
}

void must(bool succeeded) {
    if (succeeded)
        return;
    const char* words = ::ERR_reason_error_string(::ERR_peek_last_error());
    const std::string why = words ? words : "unknown error";
    ::ERR_clear_error();
    throw std::runtime_error("OpenSSL cannot make a self-signed certificate: " + why);
}

// As an extension writes it; nothing for what no certificate may name.
std::string alternative_name(const std::string& name) {
    asio::error_code error;
    const auto address = asio::ip::make_address(name, error);
    if (!error)
        return "IP:" + address.to_string();
    const bool is_name =
        !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char c) {
            return is_alphanumeric(c) || c == '.' || c == '-' || c == '_';
        });
    return is_name ? "DNS:" + name : std::string();
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::vector<std::string> all{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
    for (const std::string& name : names) {
        std::string entry = alternative_name(name);
        if (!entry.empty() && std::ranges::find(all, entry) == all.end())
            all.push_back(std::move(entry));
    }
    return fmt::format("{}", fmt::join(all, ","));
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

Certificate make_certificate(EVP_PKEY* key, const std::vector<std::string>& names,
                             std::chrono::sys_seconds now) {
    Certificate made(::X509_new());
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
    add_extension(made.get(), NID_subject_alt_name, alternative_names(names));
    add_extension(made.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(made.get(), NID_ext_key_usage, "serverAuth");
    must(::X509_sign(made.get(), key, ::EVP_sha256()) > 0);
    return made;
}

void make_folder(const std::filesystem::path& file) {
    const std::filesystem::path folder = file.parent_path();
    std::error_code error;
    const bool made = std::filesystem::create_directories(folder, error);
    if (made && !error)
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    if (error)
        fail(file, "make the folder of", error.value());
}

// Beside it first, so that there is either the old pair or a whole new one. mkstemp(3) makes a
// file that is its owner's alone.
void write(const std::filesystem::path& file, EVP_PKEY* key, X509* certificate) {
    make_folder(file);
    std::string name = file.string() + ".XXXXXX";
    const int fd = ::mkstemp(name.data());
    if (fd < 0)
        fail(file, "write", errno);
    const File beside(::fdopen(fd, "w"));
    const bool written = beside &&
                         ::PEM_write_PKCS8PrivateKey(beside.get(), key, nullptr, nullptr, 0,
                                                     nullptr, nullptr) == 1 &&
                         ::PEM_write_X509(beside.get(), certificate) == 1 &&
                         std::fflush(beside.get()) == 0 && ::fsync(fd) == 0 &&
                         std::rename(name.c_str(), file.c_str()) == 0;
    if (written)
        return;
    const int error = errno;
    ::unlink(name.c_str());
    fail(file, "write", error);
}

// Null: there is none.
Certificate read(const std::filesystem::path& path) {
    const File file(std::fopen(path.c_str(), "re"));
    if (!file && errno == ENOENT)
        return nullptr;
    if (!file)
        fail(path, "read", errno);
    Certificate certificate(::PEM_read_X509(file.get(), nullptr, nullptr, nullptr));
    ::ERR_clear_error();
    if (!certificate)
        throw std::runtime_error(fmt::format(
            "{} holds no certificate; remove it, and a new one is made", path.string()));
    return certificate;
}

bool has_expired(const X509* certificate, std::chrono::sys_seconds now) {
    time_t at = std::chrono::system_clock::to_time_t(now);
    return ::X509_cmp_time(::X509_get0_notAfter(certificate), &at) < 0;
}

std::string fingerprint_of(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    must(::X509_digest(certificate, ::EVP_sha256(), digest.data(), &size) == 1);
    return fmt::format("{:02X}", fmt::join(digest.begin(), digest.begin() + size, ":"));
}

}  // namespace

SelfSigned keep_self_signed(const std::filesystem::path& file,
                            const std::vector<std::string>& names, std::chrono::sys_seconds now) {
    Certificate certificate = read(file);
    const bool is_new = !certificate || has_expired(certificate.get(), now);
    if (is_new) {
        const Key key(::EVP_EC_gen("P-256"));
        must(key != nullptr);
        certificate = make_certificate(key.get(), names, now);
        write(file, key.get(), certificate.get());
    }
    return {fingerprint_of(certificate.get()), is_new};
}

}  // namespace onlooker::http
