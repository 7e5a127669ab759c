// What the logins need of OpenSSL, and whether this build has logins at all.
//
// A build without OpenSSL or libcrypt has fallback.cpp in place of crypto.cpp and passwords.cpp;
// what cannot do without them throws NoLogins there.
//
// Pure functions but for random_octets(); any thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace onlooker::access {

class NoLogins : public std::runtime_error {
  public:
    NoLogins()
        : std::runtime_error(
              "this onlooker was built without logins; take one built with the "
              "meson option -Dlogins=enabled") {}
};

bool has_logins() noexcept;

using Digest = std::array<std::byte, 32>;  // of SHA-256; also a key of that size

Digest sha256(std::string_view text);
Digest hmac_sha256(std::span<const std::byte> key, std::string_view text);

// In a time that does not depend on where they differ.
bool equal(const Digest& a, const Digest& b);

// 256 bits of the kernel, for an id, a token or a key.
Digest random_octets();

// RFC 4648, section 4, with its padding; nothing for anything else.
std::optional<std::string> base64_decoded(std::string_view text);

// RFC 4648, section 5, without padding, as it stands in URLs and cookies: 43 characters.
std::string base64url(const Digest& octets);
std::optional<Digest> base64url_decoded(std::string_view text);

// Lower case, 64 characters.
std::string hex(const Digest& octets);
std::optional<Digest> hex_decoded(std::string_view text);

}  // namespace onlooker::access
