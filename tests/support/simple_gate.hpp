// A gate for tests that decide at once, and by what is asked alone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "base/awaitable.hpp"
#include "http/gate.hpp"

namespace onlooker::test {

// The refusal, or nothing to let the request through.
using Decision = std::function<std::optional<http::Response>(const http::Access&)>;

inline Awaitable<http::Verdict> decide(const Decision& decision,
                                       const std::shared_ptr<http::Pass>& pass,
                                       http::Access access) {
    http::Verdict verdict = http::Verdict::let_in(pass);
    verdict.refusal = decision(access);
    co_return verdict;
}

// Everybody who is let through has this pass.
inline http::Gate simple_gate(Decision decision, std::shared_ptr<http::Pass> pass = nullptr) {
    return [decision = std::move(decision), pass = std::move(pass)](http::Access access) {
        return decide(decision, pass, access);
    };
}

}  // namespace onlooker::test
