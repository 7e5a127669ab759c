// A gate for tests that decide at once, and by what is asked alone.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "base/awaitable.hpp"
#include "http/gate.hpp"

namespace onlooker::test {

// The refusal, or nothing to let the request through.
using Decision = std::function<std::optional<http::Response>(const http::Access&)>;

inline Awaitable<http::Verdict> decide(const Decision& decision, http::Access access) {
    co_return http::Verdict{.refusal = decision(access)};
}

inline http::Gate simple_gate(Decision decision) {
    return
        [decision = std::move(decision)](http::Access access) { return decide(decision, access); };
}

}  // namespace onlooker::test
