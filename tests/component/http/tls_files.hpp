// A certificate of its own for a test, made when it is asked for and gone with the object.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace onlooker::http::test {

class TlsFiles {
  public:
    TlsFiles();
    ~TlsFiles();
    TlsFiles(const TlsFiles&) = delete;
    TlsFiles& operator=(const TlsFiles&) = delete;

    // A new pair in place of the one that was there.
    void renew(std::chrono::seconds lasts = std::chrono::days(30)) const;

    std::string certificate() const { return (folder_ / "certificate.pem").string(); }
    std::string key() const { return (folder_ / "key.pem").string(); }
    // Of no certificate.
    std::string other_key() const { return (folder_ / "other.pem").string(); }
    std::string with_passphrase() const { return (folder_ / "locked.pem").string(); }

  private:
    std::filesystem::path folder_;
};

}  // namespace onlooker::http::test
