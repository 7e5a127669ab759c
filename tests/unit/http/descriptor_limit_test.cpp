#include "http/descriptor_limit.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstddef>

using onlooker::http::connections_within_descriptor_limit;
using onlooker::http::reserved_descriptors;

namespace {

// What the function says, and leaves as the soft limit, in a process with these limits. A process
// of its own, since a hard limit that was lowered may stay so.
bool says(rlim_t soft, rlim_t hard, std::size_t connections) {
    const pid_t child = ::fork();
    if (child == 0) {
        rlimit limit{soft, hard};
        bool good = ::setrlimit(RLIMIT_NOFILE, &limit) == 0;
        good = good && connections_within_descriptor_limit() == connections;
        good = good && ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == hard;
        ::_exit(good ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
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
}
