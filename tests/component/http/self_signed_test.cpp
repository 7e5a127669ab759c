#include "http/wire/self_signed.hpp"

#include <stdlib.h>

#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "http/wire/tls_context.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using std::chrono::days;

namespace {

// A folder that is not there yet, in one that goes with the object.
class Folder {
  public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "onlooker-own-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        root_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(root_); }
    std::filesystem::path file() const { return root_ / "state" / "onlooker" / "self-signed.pem"; }

  private:
    std::filesystem::path root_;
};

using Certificate = std::unique_ptr<X509, decltype(&::X509_free)>;

Certificate certificate_in(const std::filesystem::path& path) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"),
                                                               &std::fclose);
    return {::PEM_read_X509(file.get(), nullptr, nullptr, nullptr), &::X509_free};
}

mode_t mode_of(const std::filesystem::path& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777;
}

const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());

}  // namespace

TEST_SUITE("a certificate of our own") {
    TEST_CASE("it is made once, for its owner's eyes, and then kept") {
        const Folder folder;
        const SelfSigned made = keep_self_signed(folder.file(), {}, now);
        CHECK(made.is_new);
        CHECK(made.fingerprint.size() == 32 * 3 - 1);
        CHECK(made.fingerprint[2] == ':');
        CHECK(mode_of(folder.file()) == 0600);
        CHECK(mode_of(folder.file().parent_path()) == 0700);
        const SelfSigned kept = keep_self_signed(folder.file(), {"other"}, now + days(800));
        CHECK_FALSE(kept.is_new);
        CHECK(kept.fingerprint == made.fingerprint);
    }

    TEST_CASE("a server takes it, and no browser finds it too old") {
        const Folder folder;
        keep_self_signed(folder.file(), {}, now);
        const auto context = TlsContext::load(folder.file(), folder.file());
        CHECK(context->expires() > now + days(824));
        CHECK(context->expires() <= now + days(825));
    }

    TEST_CASE("it is for the names and addresses it is given, and for this machine's loopback") {
        const Folder folder;
        keep_self_signed(folder.file(), {"cam.lan", "192.0.2.7", "2001:db8::1", "*", "a,DNS:evil"},
                         now);
        const Certificate certificate = certificate_in(folder.file());
        for (const char* name : {"localhost", "cam.lan"})
            CHECK(::X509_check_host(certificate.get(), name, 0, 0, nullptr) == 1);
        for (const char* address : {"127.0.0.1", "::1", "192.0.2.7", "2001:db8::1"})
            CHECK(::X509_check_ip_asc(certificate.get(), address, 0) == 1);
        CHECK(::X509_check_host(certificate.get(), "evil", 0, 0, nullptr) == 0);
        CHECK(::X509_check_host(certificate.get(), "other.lan", 0, 0, nullptr) == 0);
    }

    TEST_CASE("one that has expired gives way to a new one") {
        const Folder folder;
        const SelfSigned old = keep_self_signed(folder.file(), {}, now - days(826));
        const SelfSigned made = keep_self_signed(folder.file(), {}, now);
        CHECK(made.is_new);
        CHECK(made.fingerprint != old.fingerprint);
    }

    TEST_CASE("a file that is none of ours, and a folder that cannot be had, are said by name") {
        const Folder folder;
        const auto words = [](const std::filesystem::path& file) -> std::string {
            try {
                keep_self_signed(file, {}, now);
            } catch (const std::runtime_error& error) {
                return error.what();
            }
            return {};
        };
        std::filesystem::create_directories(folder.file().parent_path());
        std::ofstream(folder.file()) << "a diary\n";
        CHECK(words(folder.file()).find("holds no certificate; remove it") != std::string::npos);
        const std::string below_a_file = words(folder.file() / "deeper" / "self-signed.pem");
        CHECK(below_a_file.find("Not a directory") != std::string::npos);
        CHECK(below_a_file.find("--tls-self-signed") != std::string::npos);
    }
}
