#include "access/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>

#include "base/text.hpp"

namespace onlooker::access {

namespace {

constexpr std::size_t base64url_length = 43;  // of a Digest
constexpr std::string_view hex_digits = "0123456789abcdef";

unsigned char* octets_of(Digest& digest) noexcept {
    return reinterpret_cast<unsigned char*>(digest.data());
}
const unsigned char* octets_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// What OpenSSL writes here is of a fixed length, so that it can only lack memory.
void check(bool worked) {
    if (!worked)
        throw std::bad_alloc();
}

bool is_base64(char c) noexcept {
    return is_alphanumeric(c) || c == '+' || c == '/';
}

}  // namespace

bool has_logins() noexcept {
    return true;
}

Digest sha256(std::string_view text) {
    Digest digest;
    check(::EVP_Digest(text.data(), text.size(), octets_of(digest), nullptr, ::EVP_sha256(),
                       nullptr) == 1);
    return digest;
}

Digest hmac_sha256(std::span<const std::byte> key, std::string_view text) {
    Digest digest;
    check(::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()), octets_of(text),
                 text.size(), octets_of(digest), nullptr) != nullptr);
    return digest;
}

bool equal(const Digest& a, const Digest& b) noexcept {
    return ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Digest random_octets() {
    Digest octets;
    // Up to 256 octets come whole (getrandom(2)).
    if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
        throw std::system_error(errno, std::system_category(), "getrandom");
    return octets;
}

std::optional<std::string> base64_decoded(std::string_view text) {
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    if (text.empty() || text.size() % 4 != 0 ||
        !std::ranges::all_of(text.substr(0, text.size() - padding), is_base64))
        return std::nullopt;
    std::string octets(text.size() / 4 * 3, '\0');
    const int length = ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                         octets_of(text), static_cast<int>(text.size()));
    if (length < 0)
        return std::nullopt;
    octets.resize(static_cast<std::size_t>(length) - padding);
    return octets;
}

std::string base64url(const Digest& octets) {
    std::array<unsigned char, 48> encoded{};
    ::EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(octets.data()),
                      static_cast<int>(octets.size()));
    std::string text(reinterpret_cast<const char*>(encoded.data()), base64url_length);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
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
