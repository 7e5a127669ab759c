#include "http/wire/descriptor_limit.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstddef>
#include <fstream>
#include <string>

using onlooker::http::connections_within_descriptor_limit;
using onlooker::http::most_prepared_descriptors;
using onlooker::http::prepare_descriptor_table;
using onlooker::http::reserved_descriptors;

namespace {

// Whether it is so in a process with these limits. A process of its own, since a hard limit that
// was lowered may stay so.
template <typename Question>
bool with_limits(rlim_t soft, rlim_t hard, Question is_so) {
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit limit{soft, hard};
        ::_exit(::setrlimit(RLIMIT_NOFILE, &limit) == 0 && is_so() ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// What the function says, and leaves as the soft limit.
bool says(rlim_t soft, rlim_t hard, std::size_t connections) {
    return with_limits(soft, hard, [&] {
        rlimit limit{};
        return connections_within_descriptor_limit() == connections &&
               ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == hard;
    });
}

// The kernel's word for how many descriptors its table of this process has room for.
std::size_t descriptor_table_size() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("FDSize:"))
            return std::stoul(line.substr(line.find(':') + 1));
    return 0;
}

}  // namespace

TEST_SUITE("descriptor limit") {
    TEST_CASE("the soft limit is raised to the hard one, and some are kept for the rest") {
        CHECK(says(300, 300, 300 - reserved_descriptors));
        CHECK(says(200, 300, 300 - reserved_descriptors));
    }

    TEST_CASE("there are some connections however low the limit is") {
        CHECK(says(40, 40, reserved_descriptors));
        CHECK(says(100, 100, reserved_descriptors));
    }

    TEST_CASE("the table of descriptors is prepared for all that the limit allows") {
        CHECK(with_limits(300, 3000, [] {
            const std::size_t before = descriptor_table_size();
            prepare_descriptor_table();
            return before < 3000 && descriptor_table_size() >= 3000;
        }));
    }

    TEST_CASE("the table of descriptors takes no memory that nobody is likely to need") {
        rlimit limit{};
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        CHECK(with_limits(limit.rlim_max, limit.rlim_max, [] {
            prepare_descriptor_table();
            return descriptor_table_size() <= most_prepared_descriptors;
        }));
    }
}
