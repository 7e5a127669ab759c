#include "http/wire/tls_context.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/logging.hpp"
#include "http/wire/tls_transport.hpp"
#include "openssl_module/openssl_module.hpp"

namespace onlooker::http {

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
};

void check_readable(const char* what, const std::string& path) {
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "re"));
    if (file)
        return;
    const int error = errno;
    throw std::runtime_error(fmt::format(
        "cannot read the {} {}: {}; {}", what, path, std::system_category().message(error),
        error == EACCES ? "let the user who runs onlooker read it" : "check the path"));
}

void warn_if_key_is_open(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0)
        logging::warn("every user of this machine can read the TLS key {}: chmod o= {}", path,
                      path);
}

// One that is not valid yet is taken: a small computer without a clock of its own begins in 1970.
void check_not_expired(const TlsCertificate& certificate, const std::string& path) {
    const auto now = std::chrono::system_clock::now();
    if (certificate.expires() >= now)
        return;
    const auto date = [](std::chrono::system_clock::time_point time) {
        return fmt::gmtime(std::chrono::system_clock::to_time_t(time));
    };
    throw std::runtime_error(
        fmt::format("the TLS certificate {} expired on {:%F}, so browsers would refuse it; renew "
                    "it, or set the clock of this machine, by which today is {:%F}",
                    path, date(certificate.expires()), date(now)));
}

std::unique_ptr<TlsCertificate> read_pair(const std::string& certificate, const std::string& key) {
    check_readable("TLS certificate", certificate);
    check_readable("TLS key", key);
    auto pair = openssl_module::table().load_certificate(certificate, key);
    check_not_expired(*pair, certificate);
    warn_if_key_is_open(key);
    return pair;
}

class Context final : public TlsContext {
  public:
    Context(const std::string& certificate, const std::string& key)
        : certificate_(certificate), key_(key), pair_(read_pair(certificate, key)) {}

    void reload() override { pair_ = read_pair(certificate_, key_); }

    std::chrono::sys_seconds expires() const override { return pair_->expires(); }

    std::unique_ptr<Transport> transport_over(TcpSocket socket) override {
        return std::make_unique<TlsTransport>(std::move(socket), *pair_, scratch_);
    }

  private:
    std::string certificate_;
    std::string key_;
    std::unique_ptr<TlsCertificate> pair_;
    std::array<std::byte, TlsTransport::record_octets> scratch_{};
};

}  // namespace

std::unique_ptr<TlsContext> TlsContext::load(const std::string& certificate,
                                             const std::string& key) {
    return std::make_unique<Context>(certificate, key);
}

}  // namespace onlooker::http
