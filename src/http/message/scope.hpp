// What a client must be allowed to do to use a route. Every route says it; there is no default.
#pragma once

#include <cstdint>

namespace onlooker::http {

enum class Scope : std::uint8_t { public_, view, push, control, admin };

}  // namespace onlooker::http
