// Links that let whoever has them see one camera for a while: signed parameters of a URL.
//
//     /cameras/bed/stream?exp=1796000000&cam=bed&scope=view&kid=k1&id=4Yp3Kd0zQhE&sig=...
//
//     exp    the Unix time until which a stream or a snapshot may be begun
//     until  the Unix time at which a stream that was begun ends; not there: it may go on
//     cam    the camera;  scope  always "view"
//     kid    which key signed;  id  by which it can be revoked
//     sig    HMAC-SHA-256 over all of them, as base64url
//
// The gate must see to it that such a request is a GET or HEAD for that camera: grant() is what it
// allows.
//
// Pure functions but for make_link(), which draws an id; any thread. `now` is the wall clock's, and
// a minute of tolerance is given for clocks that differ.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "access/grant.hpp"
#include "access/users_text.hpp"
#include "http/message/request.hpp"

namespace onlooker::access {

using WallTime = std::chrono::sys_seconds;

inline constexpr std::chrono::seconds default_link_life = std::chrono::minutes(10);
inline constexpr std::chrono::seconds longest_link_life = std::chrono::days(366);
inline constexpr std::chrono::seconds link_tolerance{60};

struct Link {
    std::string camera;
    WallTime expires;
    std::optional<WallTime> until;
    std::string kid;
    std::string id;

    Grant grant() const { return Grant(Scopes(http::Scope::view), {camera}); }
    // When nobody needs to remember any more that it was revoked.
    WallTime forgotten_at() const;
};

enum class LinkRefusal : std::uint8_t { malformed, unknown_key, wrong_signature, expired, revoked };

// For the log and the answer, without anything of the link.
std::string_view to_string(LinkRefusal refusal) noexcept;

// The query of the URL, without '?'. `link.kid` and `link.id` are filled in.
std::string make_link(Link& link, const LinkKey& key);

// The key that makes links; null if there is none.
const LinkKey* active_key(std::span<const LinkKey> keys) noexcept;

// Adds an active key. The one that was active is retired: its links are still believed.
void rotate_link_key(UsersText& users);

// Removes the revoked links that have expired anyway.
void forget_old_links(UsersText& users, WallTime now);

// True if the request claims to be one: verify it, or refuse it.
bool is_link(const http::Query& query) noexcept;

std::variant<Link, LinkRefusal> verify_link(const http::Query& query, std::span<const LinkKey> keys,
                                            std::span<const RevokedLink> revoked, WallTime now);

}  // namespace onlooker::access
