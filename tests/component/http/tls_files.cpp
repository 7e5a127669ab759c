#include "component/http/tls_files.hpp"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace onlooker::http::test {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&::X509_free)>;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File open(const std::filesystem::path& path) {
    File file(std::fopen(path.c_str(), "w"), &std::fclose);
    if (!file)
        throw std::runtime_error("cannot write " + path.string());
    ::chmod(path.c_str(), 0600);
    return file;
}

Key make_key() {
    return Key(::EVP_EC_gen("P-256"), &::EVP_PKEY_free);
}

void write_key(EVP_PKEY* key, const std::filesystem::path& path, const char* passphrase = nullptr) {
    const File file = open(path);
    ::PEM_write_PKCS8PrivateKey(file.get(), key, passphrase ? ::EVP_aes_128_cbc() : nullptr,
                                nullptr, 0, nullptr, const_cast<char*>(passphrase));
}

void write_certificate(EVP_PKEY* key, const std::filesystem::path& path,
                       std::chrono::seconds lasts) {
    const Certificate certificate(::X509_new(), &::X509_free);
    ::X509_set_version(certificate.get(), 2);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), 1);
    ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), 0);
    ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), static_cast<long>(lasts.count()));
    ::X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = ::X509_get_subject_name(certificate.get());
    ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                 reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    ::X509_set_issuer_name(certificate.get(), name);
    ::X509_sign(certificate.get(), key, ::EVP_sha256());
    const File file = open(path);
    ::PEM_write_X509(file.get(), certificate.get());
}

}  // namespace

TlsFiles::TlsFiles() {
    std::string folder = (std::filesystem::temp_directory_path() / "onlooker-tls-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
        throw std::runtime_error("cannot make a folder for certificates");
    folder_ = folder;
    renew();
    write_key(make_key().get(), with_passphrase(), "secret");
    write_key(make_key().get(), other_key());
}

void TlsFiles::renew(std::chrono::seconds lasts) const {
    const Key key = make_key();
    write_key(key.get(), this->key());
    write_certificate(key.get(), certificate(), lasts);
}

TlsFiles::~TlsFiles() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace onlooker::http::test
