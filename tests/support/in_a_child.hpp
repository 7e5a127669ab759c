// For what a process does to itself for good: rights it gives up, descriptors it takes. A test asks
// in a process of its own.
#pragma once

#include <unistd.h>

#include <spdlog/spdlog.h>
#include <sys/wait.h>

#include <exception>

namespace onlooker::test {

// Whether it is so there; false, too, if the question throws.
template <typename Question>
bool in_a_child(Question is_so) {
    const pid_t child = ::fork();
    if (child == 0) {
        spdlog::set_level(spdlog::level::off);
        try {
            ::_exit(is_so() ? 0 : 1);
        } catch (const std::exception&) {
            ::_exit(2);
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace onlooker::test
