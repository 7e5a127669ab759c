#include "http/wire/descriptor_limit.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>

using onlooker::http::descriptor_budget;
using onlooker::http::DescriptorBudget;
using onlooker::http::least_descriptors;
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
        return descriptor_budget().connections == connections &&
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

    TEST_CASE("what the process was given is remembered, whoever raises it first") {
        CHECK(with_limits(200, 300, [] {
            prepare_descriptor_table();
            const DescriptorBudget budget = descriptor_budget();
            return budget.limit == 300 && budget.limit_at_start == 200;
        }));
    }

    TEST_CASE("of a low limit half is kept, and what is turned away comes out of that") {
        CHECK(says(100, 100, 50));
        CHECK(says(64, 64, 32));
        CHECK(says(40, 40, 16));
        CHECK(says(least_descriptors, least_descriptors, 8));
        for (const rlim_t limit : {32u, 48u, 64u, 100u, 127u}) {
            CHECK(with_limits(limit, limit, [] {
                const DescriptorBudget budget = descriptor_budget();
                return budget.is_scarce() && budget.refusals >= 4 &&
                       budget.connections + 4 * budget.refusals <= budget.limit;
            }));
        }
        CHECK(with_limits(128, 128, [] { return !descriptor_budget().is_scarce(); }));
    }

    TEST_CASE("a limit that is too low for anything is refused with the one that is needed") {
        CHECK(with_limits(31, 31, [] {
            try {
                descriptor_budget();
                return false;
            } catch (const std::runtime_error& error) {
                const std::string words = error.what();
                return words.starts_with("31 files") && words.find("32 at least") != words.npos;
            }
        }));
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
