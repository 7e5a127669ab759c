// Who may use a route: asked of every request before its handler runs, whichever way the route was
// found.
//
//     find the route --> resolve what it is about --> gate --> Verdict: a refusal, or a Pass
//
// The Pass says as whom the request came in. Handlers ask it what to list. A stream keeps it, and
// is cut off when it ends: it does not outlive the session, link or token that opened it.
//
// Owner: the router has the gate; the request has its pass. Thread: the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/awaitable.hpp"
#include "http/message/response.hpp"
#include "http/message/scope.hpp"

namespace onlooker::http {

struct Request;

// What a request asks for.
struct Access {
    const Request& request;
    Scope scope;                // of the route
    std::string_view resource;  // its name: a camera's; empty: none, or one that is not there
};

class Pass {
  public:
    virtual ~Pass() = default;

    // For answers that list resources: whether this one is among those.
    virtual bool allows(Scope scope, std::string_view resource) const = 0;

    // The name of a person who came by a login page, and may leave again; empty: it is none.
    virtual std::string_view person() const { return {}; }

    // It came with the address itself, and so any page may show what it opens, in a browser that
    // knows nothing else of us: a signed link.
    virtual bool for_any_page() const { return false; }

    // `end` is called once, when what the pass was given for is taken back; at once if it has been.
    // An empty function takes it back.
    virtual void on_end(std::function<void()> end) = 0;
};

// Made by its functions: g++ 12 mishandles a braced temporary inside a coroutine.
struct Verdict {
    std::optional<Response> refusal;
    std::shared_ptr<Pass> pass{};  // null: everybody may do everything

    static Verdict refuse(Response response) { return {.refusal = std::move(response)}; }
    static Verdict let_in(std::shared_ptr<Pass> pass) {
        return {.refusal = {}, .pass = std::move(pass)};
    }
};

// Decides. The access, but not its request, may be gone when it is first resumed: take it by value.
using Gate = std::function<Awaitable<Verdict>(Access)>;

// Whoever reaches the server may use every route.
Awaitable<Verdict> open_gate(Access access);

}  // namespace onlooker::http
