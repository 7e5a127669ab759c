// Passwords that are being checked at this moment, so that a program that opens many streams at
// once with one login has it checked once, and is not taken for somebody who guesses.
//
//     while (const auto other = under_way.find(digest)) {
//         co_await other->done.async_wait(as_result);
//         if (other->verdict) co_return *other->verdict;
//     }
//     const auto turn = under_way.begin(digest);
//     ... turn->verdict = ...
//
// A turn that ends without a verdict, for whoever asked has gone, leaves the check to the next.
//
// Owner: Gatekeeper; it outlives its turns. Thread: the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "access/crypto.hpp"
#include "base/awaitable.hpp"

namespace onlooker::access {

// How a password was found to be.
struct PasswordVerdict {
    enum class Is : std::uint8_t { right, wrong, too_many, busy, unprotected };
    Is is = Is::wrong;
    std::chrono::seconds retry_after{};  // too_many, busy
};

class ChecksUnderWay {
  public:
    struct Check {
        Check(Executor loop, const Digest& of) : digest(of), done(loop, Timer::time_point::max()) {}
        Digest digest;
        Timer done;
        std::optional<PasswordVerdict> verdict;
    };
    // Wakes whoever waits for the check when it goes.
    using Turn = std::unique_ptr<Check, std::function<void(Check*)>>;

    explicit ChecksUnderWay(Executor loop) : loop_(std::move(loop)) {}

    // Null: there is none of this login. To be waited for before it is asked again.
    std::shared_ptr<Check> find(const Digest& login) const;
    Turn begin(const Digest& login);

  private:
    void end(Check* check);

    Executor loop_;
    std::vector<std::shared_ptr<Check>> checks_;
};

}  // namespace onlooker::access
