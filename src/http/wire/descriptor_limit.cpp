#include "http/wire/descriptor_limit.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace onlooker::http {

namespace {

// Connections that are being told 503, at a time; more are closed without an answer.
constexpr std::size_t most_refusals = 32;

// The usual one where it cannot be read.
constexpr std::size_t usual_limit = 1024;

// The soft limit as it was before any of us raised it.
std::size_t first_soft_limit() noexcept {
    static const rlim_t first = [] {
        rlimit limit{};
        return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : usual_limit;
    }();
    return static_cast<std::size_t>(first);
}

// The soft limit, once it is as high as the hard one lets it be.
std::size_t raised_descriptor_limit() noexcept {
    (void)first_soft_limit();
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

DescriptorBudget descriptor_budget() {
    const std::size_t limit = raised_descriptor_limit();
    if (limit < least_descriptors)
        throw std::runtime_error(
            fmt::format("{} files may be open at a time, and onlooker needs {} at least; raise the "
                        "limit (ulimit -n 1024, or LimitNOFILE=1024 of a systemd unit)",
                        limit, least_descriptors));
    const std::size_t reserved =
        std::clamp(limit / 2, least_reserved_descriptors, reserved_descriptors);
    return {.limit = limit,
            .limit_at_start = first_soft_limit(),
            .connections = limit - reserved,
            .refusals = std::min(most_refusals, reserved / 4)};
}

void prepare_descriptor_table() noexcept {
    const std::size_t size = std::min(raised_descriptor_limit(), most_prepared_descriptors);
    const int last = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(size) - 1);
    if (last >= 0)
        ::close(last);
}

}  // namespace onlooker::http
