#include "relay/pinned_certificate.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

using onlooker::drivers::PinnedCertificates;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

// What a camera shows: signed by itself, for a name that nobody uses.
struct Shown {
    Key key;
    Certificate certificate;
};

Shown shown_with(EVP_PKEY* made, long first_day = 0) {
    Shown shown{Key(made, &EVP_PKEY_free), Certificate(X509_new(), &X509_free)};
    X509* certificate = shown.certificate.get();
    REQUIRE(made != nullptr);
    constexpr long a_day = 24L * 3600;
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), first_day * a_day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), (first_day + 30) * a_day);
    X509_set_pubkey(certificate, made);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("IPCamera"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    REQUIRE(X509_sign(certificate, made, EVP_sha256()) > 0);
    return shown;
}

Shown elliptic(long first_day = 0) {
    return shown_with(EVP_EC_gen("P-256"), first_day);
}

std::string pem_of(const Shown& shown) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_X509(memory.get(), shown.certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

class PemFile {
  public:
    explicit PemFile(const std::string& content)
        : path_(std::filesystem::temp_directory_path() /
                (std::to_string(::getpid()) + "-pinned.pem")) {
        std::ofstream(path_) << content;
    }
    PemFile(const PemFile&) = delete;
    PemFile& operator=(const PemFile&) = delete;
    ~PemFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    std::string path() const { return path_; }

  private:
    std::filesystem::path path_;
};

PinnedCertificates pinned(const std::string& pem) {
    const PemFile file(pem);
    return PinnedCertificates(file.path());
}

// A handshake in memory with a server that shows this; whether the client goes on with it.
bool shakes_hands(const PinnedCertificates& pins, const Shown& shown) {
    const Context client(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    const Context server(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
    SSL_CTX_set_verify(client.get(), SSL_VERIFY_PEER, nullptr);
    pins.install(client.get());
    REQUIRE(SSL_CTX_use_certificate(server.get(), shown.certificate.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(server.get(), shown.key.get()) == 1);
    const Connection asking(SSL_new(client.get()), &SSL_free);
    const Connection answering(SSL_new(server.get()), &SSL_free);
    BIO* one = nullptr;
    BIO* other = nullptr;
    REQUIRE(BIO_new_bio_pair(&one, 0, &other, 0) == 1);
    SSL_set_bio(asking.get(), one, one);
    SSL_set_bio(answering.get(), other, other);
    constexpr int most_flights = 20;
    for (int i = 0; i < most_flights; ++i) {
        if (SSL_connect(asking.get()) == 1)
            return SSL_get_verify_result(asking.get()) == X509_V_OK;
        SSL_accept(answering.get());
    }
    return false;
}

}  // namespace

TEST_SUITE("pinned certificates") {
    TEST_CASE("the very certificate is contained, another one of the same name is not") {
        const Shown camera = elliptic();
        const Shown impostor = elliptic();
        const PinnedCertificates pins = pinned(pem_of(camera));
        CHECK(pins.contains(camera.certificate.get()));
        CHECK_FALSE(pins.contains(impostor.certificate.get()));
        CHECK_FALSE(pins.contains(nullptr));
    }

    TEST_CASE("a file may hold several, and texts between them") {
        const Shown camera = elliptic();
        const Shown door = elliptic();
        const PinnedCertificates pins =
            pinned("the camera\n" + pem_of(camera) + "\nthe door\n" + pem_of(door) + "the end\n");
        CHECK(pins.contains(camera.certificate.get()));
        CHECK(pins.contains(door.certificate.get()));
    }

    TEST_CASE("a file that is not there, or holds none, pins nothing") {
        const Shown camera = elliptic();
        const std::string pem = pem_of(camera);
        CHECK_FALSE(PinnedCertificates("/no/such/file").contains(camera.certificate.get()));
        for (const std::string& content :
             {std::string(), std::string("hello\n"), pem.substr(0, pem.size() / 2)})
            CHECK_FALSE(pinned(content).contains(camera.certificate.get()));
    }

    TEST_CASE("a key that anybody can break pins nothing, an old camera's does") {
        const Shown weak = shown_with(EVP_RSA_gen(512U));
        CHECK_FALSE(pinned(pem_of(weak)).contains(weak.certificate.get()));
        const Shown old = shown_with(EVP_RSA_gen(1024U));
        CHECK(pinned(pem_of(old)).contains(old.certificate.get()));
    }

    TEST_CASE(
        "a handshake ends well with these, whatever name and dates they bear, and no others") {
        const Shown camera = elliptic();
        const Shown expired = elliptic(-100);
        const PinnedCertificates pins = pinned(pem_of(camera) + pem_of(expired));
        CHECK(shakes_hands(pins, camera));
        CHECK(shakes_hands(pins, expired));
        CHECK_FALSE(shakes_hands(pins, elliptic()));
    }
}
