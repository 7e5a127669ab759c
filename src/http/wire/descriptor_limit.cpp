#include "http/wire/descriptor_limit.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace onlooker::http {

namespace {

// The usual one where it cannot be read.
constexpr std::size_t usual_limit = 1024;

// The soft limit, once it is as high as the hard one lets it be.
std::size_t raised_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return usual_limit;
    if (limit.rlim_cur != limit.rlim_max) {
        const rlimit raised{limit.rlim_max, limit.rlim_max};
        if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
            limit = raised;
    }
    return static_cast<std::size_t>(
        std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()));
}

}  // namespace

std::size_t connections_within_descriptor_limit() {
    return std::max(raised_descriptor_limit(), 2 * reserved_descriptors) - reserved_descriptors;
}

void prepare_descriptor_table() noexcept {
    const std::size_t size = std::min(raised_descriptor_limit(), most_prepared_descriptors);
    const int last = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(size) - 1);
    if (last >= 0)
        ::close(last);
}

}  // namespace onlooker::http
