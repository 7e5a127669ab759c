#include "access/links.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "access/crypto.hpp"
#include "access/names.hpp"
#include "base/text.hpp"

namespace onlooker::access {

namespace {

constexpr std::string_view only_scope = "view";
constexpr std::size_t id_length = 16;  // of hexadecimal digits

std::string seconds_text(WallTime time) {
    return std::to_string(time.time_since_epoch().count());
}

// Until 2106, in digits alone.
std::optional<WallTime> parse_time(std::string_view text) {
    const auto seconds = parse_number<std::uint32_t>(text);
    return seconds ? std::optional(WallTime(std::chrono::seconds(*seconds))) : std::nullopt;
}

// None of the values can hold a line's end: one text for one link.
Digest signature_of(const Link& link, const LinkKey& key) {
    return hmac_sha256(
        key.secret,
        fmt::format("onlooker link 1\nexp={}\ncam={}\nscope={}\nkid={}\nid={}\nuntil={}\n",
                    seconds_text(link.expires), link.camera, only_scope, link.kid, link.id,
                    link.until ? seconds_text(*link.until) : ""));
}

std::optional<Link> parse_link(const http::Query& query) {
    const auto value = [&](std::string_view name) { return query.get(name).value_or(""); };
    const auto expires = parse_time(value("exp"));
    const auto until = parse_time(value("until"));
    if (!expires || (query.has("until") && !until) || value("scope") != only_scope ||
        !is_word(value("cam")) || !is_word(value("kid")) || !is_word(value("id")))
        return std::nullopt;
    return Link{.camera = std::string(value("cam")),
                .expires = *expires,
                .until = until,
                .kid = std::string(value("kid")),
                .id = std::string(value("id"))};
}

}  // namespace

WallTime Link::forgotten_at() const {
    return std::max(expires, until.value_or(expires)) + link_tolerance;
}

std::string_view to_string(LinkRefusal refusal) noexcept {
    switch (refusal) {
        case LinkRefusal::malformed:
            return "the link is not whole";
        case LinkRefusal::unknown_key:
            return "the link was signed with a key that is not known";
        case LinkRefusal::wrong_signature:
            return "the link was not signed here, or was changed";
        case LinkRefusal::expired:
            return "the link has expired";
        case LinkRefusal::revoked:
            return "the link was revoked";
    }
    return {};
}

std::string make_link(Link& link, const LinkKey& key) {
    link.kid = key.kid;
    link.id = hex(random_octets()).substr(0, id_length);
    return fmt::format("exp={}&cam={}&scope={}&kid={}&id={}{}{}&sig={}", seconds_text(link.expires),
                       link.camera, only_scope, link.kid, link.id, link.until ? "&until=" : "",
                       link.until ? seconds_text(*link.until) : "",
                       base64url(signature_of(link, key)));
}

const LinkKey* active_key(std::span<const LinkKey> keys) noexcept {
    for (const LinkKey& key : keys)
        if (key.active)
            return &key;
    return nullptr;
}

void rotate_link_key(UsersText& users) {
    unsigned number = 1;
    for (LinkKey key : users.all<LinkKey>()) {
        if (key.kid.starts_with('k'))
            number = std::max(number, parse_number<unsigned>(key.kid.substr(1)).value_or(0) + 1);
        key.active = false;
        users.put(std::move(key));
    }
    users.put({.kid = fmt::format("k{}", number), .active = true, .secret = random_octets()});
}

void forget_old_links(UsersText& users, WallTime now) {
    for (const RevokedLink& link : users.all<RevokedLink>())
        if (link.until < now)
            users.remove<RevokedLink>(link.id);
}

bool is_link(const http::Query& query) noexcept {
    return query.has("sig");
}

std::variant<Link, LinkRefusal> verify_link(const http::Query& query, std::span<const LinkKey> keys,
                                            std::span<const RevokedLink> revoked, WallTime now) {
    auto link = parse_link(query);
    const auto signature = base64url_decoded(query.get("sig").value_or(""));
    if (!link || !signature)
        return LinkRefusal::malformed;
    const auto key = std::ranges::find(keys, link->kid, &LinkKey::kid);
    if (key == keys.end())
        return LinkRefusal::unknown_key;
    if (!equal(*signature, signature_of(*link, *key)))
        return LinkRefusal::wrong_signature;
    if (std::ranges::find(revoked, link->id, &RevokedLink::id) != revoked.end())
        return LinkRefusal::revoked;
    if (now > link->expires + link_tolerance)
        return LinkRefusal::expired;
    return *std::move(link);
}

}  // namespace onlooker::access
