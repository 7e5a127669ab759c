#include "access/crypto.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "openssl_module/openssl_module.hpp"

namespace onlooker::access {

namespace {

constexpr std::size_t base64url_length = 43;  // of a Digest
constexpr std::string_view hex_digits = "0123456789abcdef";

}  // namespace

bool has_logins() noexcept {
    return true;
}

Digest sha256(std::string_view text) {
    return openssl_module::table().sha256(text);
}

Digest hmac_sha256(std::span<const std::byte> key, std::string_view text) {
    return openssl_module::table().hmac_sha256(key, text);
}

bool equal(const Digest& a, const Digest& b) {
    return openssl_module::table().equal(a, b);
}

Digest random_octets() {
    Digest octets;
    // Up to 256 octets come whole (getrandom(2)).
    if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
        throw std::system_error(errno, std::system_category(), "getrandom");
    return octets;
}

std::optional<std::string> base64_decoded(std::string_view text) {
    return openssl_module::table().base64_decoded(text);
}

std::string base64url(const Digest& octets) {
    std::string text = openssl_module::table().base64(octets);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    text.resize(base64url_length);  // without its padding
    return text;
}

std::optional<Digest> base64url_decoded(std::string_view text) {
    if (text.size() != base64url_length || text.find_first_of("+/=") != std::string_view::npos)
        return std::nullopt;
    std::string plain = std::string(text) + '=';
    std::ranges::replace(plain, '-', '+');
    std::ranges::replace(plain, '_', '/');
    const auto octets = base64_decoded(plain);
    if (!octets || octets->size() != sizeof(Digest))
        return std::nullopt;
    Digest digest;
    std::ranges::transform(*octets, digest.begin(), [](char c) { return std::byte(c); });
    // Of the last character two bits are not used: one text for one digest.
    return base64url(digest) == text ? std::optional(digest) : std::nullopt;
}

std::string hex(const Digest& octets) {
    std::string text;
    for (const std::byte octet : octets) {
        text += hex_digits[std::to_integer<std::size_t>(octet >> 4)];
        text += hex_digits[std::to_integer<std::size_t>(octet & std::byte{15})];
    }
    return text;
}

std::optional<Digest> hex_decoded(std::string_view text) {
    Digest digest;
    if (text.size() != 2 * digest.size())
        return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const auto high = hex_digits.find(text[2 * i]);
        const auto low = hex_digits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return std::nullopt;
        digest[i] = std::byte(high << 4 | low);
    }
    return digest;
}

}  // namespace onlooker::access
