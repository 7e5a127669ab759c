#include "base/wake_fd.hpp"

#include <poll.h>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <system_error>

#include "support/sanitized.hpp"

using onlooker::WakeFd;

namespace {

bool readable(const WakeFd& wake) {
    pollfd waited{.fd = wake.get(), .events = POLLIN, .revents = 0};
    return ::poll(&waited, 1, 0) == 1;
}

#if !ONLOOKER_SANITIZED
// Leaves this process no descriptor to open, until it goes.
class NoDescriptors {
  public:
    NoDescriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit none = before_;
        none.rlim_cur = 0;
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoDescriptors(const NoDescriptors&) = delete;
    NoDescriptors& operator=(const NoDescriptors&) = delete;

  private:
    rlimit before_{};
};
#endif

}  // namespace

TEST_SUITE("wake_fd") {
    TEST_CASE("is readable from raise to lower, however often it was raised") {
        WakeFd wake;
        CHECK(!readable(wake));
        wake.raise();
        wake.raise();
        CHECK(readable(wake));
        wake.lower();
        CHECK(!readable(wake));
    }

    TEST_CASE("may be lowered without having been raised, and does not wait") {
        WakeFd wake;
        wake.lower();
        CHECK(!readable(wake));
        wake.raise();
        CHECK(readable(wake));
    }

#if !ONLOOKER_SANITIZED
    TEST_CASE("throws when no descriptor is left") {
        const NoDescriptors none;
        CHECK_THROWS_AS(WakeFd(), std::system_error);
    }
#endif
}
