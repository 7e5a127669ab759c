#include "http/certificate_watch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <exception>
#include <utility>

#include "base/logging.hpp"

namespace onlooker::http {

namespace {

constexpr auto between_checks = std::chrono::seconds(60);
constexpr auto expiry_warning = std::chrono::days(14);

CertificateWatch::WallTime wall_time() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

CertificateWatch::CertificateWatch(const Executor& executor, std::string certificate,
                                   std::string key)
    : certificate_(std::move(certificate)),
      key_(std::move(key)),
      read_(versions()),
      context_(TlsContext::load(certificate_, key_)),
      pause_(executor) {
    tell_expiry(wall_time());
}

std::optional<CertificateWatch::Version> CertificateWatch::version_of(
    const std::string& path) noexcept {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
        return std::nullopt;
    return Version{status.st_dev, status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

bool CertificateWatch::reload() {
    // Before they are read: what changes meanwhile is seen the next time.
    read_ = versions();
    try {
        context_->reload();
    } catch (const std::exception& error) {
        problem_ = error.what();
        logging::error(
            "the TLS certificate that was read before stays in force, since its files are now of "
            "no use: {}",
            problem_);
        return false;
    }
    problem_.clear();
    told_left_.reset();
    logging::info("the TLS certificate {} was read again, for new connections; it expires on {:%F}",
                  certificate_, fmt::gmtime(std::chrono::system_clock::to_time_t(expires())));
    return true;
}

void CertificateWatch::check(WallTime now) {
    if (versions() != read_)
        reload();
    tell_expiry(now);
}

void CertificateWatch::tell_expiry(WallTime now) {
    const auto left = std::chrono::floor<std::chrono::days>(expires() - now);
    if (left >= expiry_warning || told_left_ == left)
        return;
    told_left_ = left;
    if (left < std::chrono::days(0))
        logging::warn(
            "the TLS certificate {} has expired: browsers will refuse it; a new one in its place "
            "is taken up without a restart",
            certificate_);
    else
        logging::warn(
            "the TLS certificate {} expires in {} days; a new one in its place is taken up without "
            "a restart",
            certificate_, left.count());
}

Awaitable<> CertificateWatch::run() {
    while (!stopped_) {
        pause_.expires_after(between_checks);
        co_await pause_.async_wait(as_result);
        if (!stopped_)
            check(wall_time());
    }
}

void CertificateWatch::leave() {
    stopped_ = true;
    pause_.cancel();
}

}  // namespace onlooker::http
