// What a user, a token or a link may do, and with which cameras.
//
//     const Grant grant(*Scopes::parse("view,push"), {"bed"});
//     grant.allows(http::Scope::view, "bed");    // true
//     grant.allows(http::Scope::view, "door");   // false
//     grant.allows(http::Scope::view, "");       // false: the route is about no camera
//     grant.allows_somewhere(http::Scope::view)  // true: a route that lists cameras may list "bed"
//
// Scopes are a set of words, not a ladder: who pushes pictures need not see any. But control
// includes view, and admin includes all. What is public is allowed to everybody.
//
// Plain values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/scope.hpp"

namespace onlooker::access {

class Scopes {
  public:
    Scopes() noexcept = default;  // nothing but what is public
    explicit Scopes(http::Scope scope) noexcept;

    // "view,control", in any order; nothing for other words, and for none.
    static std::optional<Scopes> parse(std::string_view text);

    bool has(http::Scope scope) const noexcept;
    // The words that say it, without those that another includes.
    std::string text() const;

    friend bool operator==(Scopes, Scopes) noexcept = default;

  private:
    std::uint8_t bits_ = 0;
};

class Grant {
  public:
    Grant() = default;  // nothing but what is public
    // No camera: all of them, and routes that are about none.
    explicit Grant(Scopes scopes, std::vector<std::string> cameras = {});

    // `camera` is empty for a route that is about none, or about one that is not there. A grant for
    // some cameras does not allow it: where a route lists cameras, it is to ask allows_somewhere()
    // and show those that are allowed.
    bool allows(http::Scope scope, std::string_view camera) const noexcept;
    bool allows_somewhere(http::Scope scope) const noexcept { return scopes_.has(scope); }

    Scopes scopes() const noexcept { return scopes_; }
    const std::vector<std::string>& cameras() const noexcept { return cameras_; }  // sorted

    friend bool operator==(const Grant&, const Grant&) = default;

  private:
    Scopes scopes_;
    std::vector<std::string> cameras_;
};

}  // namespace onlooker::access
