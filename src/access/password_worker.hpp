// Compares passwords with their hashes off the loop, on one thread of its own.
//
//     const auto matched = co_await worker.check(std::move(password), hash);
//     if (!matched) co_return too_busy();       // 503
//     if (!*matched) co_return wrong_password();
//
// The thread starts with the first wish, and has a lower priority than the loop. Behind the one it
// works on, at most `queue` wait; at most `per_second` are computed in all. What is more is turned
// away at once.
//
// Owner: whoever owns the logins; it must go before the loop's io_context, and before it the
// coroutines that wait. Thread: the loop.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "access/secret.hpp"
#include "base/awaitable.hpp"

namespace asio {
class thread_pool;
}

namespace onlooker::access {

class PasswordWorker {
  public:
    using Matches = std::function<bool(const Secret& password, const std::string& hash)>;
    struct Settings {
        std::size_t queue = 8;
        unsigned per_second = 20;
        Matches matches;  // called on the thread; none: access::matches()
        std::function<SteadyTime()> now = &SteadyClock::now;
    };

    explicit PasswordWorker(Executor loop);
    PasswordWorker(Executor loop, Settings settings);
    PasswordWorker(const PasswordWorker&) = delete;
    PasswordWorker& operator=(const PasswordWorker&) = delete;
    // Closes, and waits for the hash under way.
    ~PasswordWorker();

    // Nothing when too much is asked for, when it has been closed, and when the hash's memory
    // cannot be had. Whoever waits may be destroyed meanwhile.
    Awaitable<std::optional<bool>> check(Secret password, std::string hash);

    // Who waits gets nothing, at once; later ones, too.
    void close();

  private:
    struct Job;
    struct State;

    bool start_thread();

    std::shared_ptr<State> state_;
    std::unique_ptr<asio::thread_pool> thread_;  // once it was needed
};

}  // namespace onlooker::access
