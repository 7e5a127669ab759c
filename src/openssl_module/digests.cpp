#include "openssl_module/digests.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <new>

#include "base/text.hpp"

namespace onlooker::openssl_module {

namespace {

using access::Digest;

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

std::string base64(std::span<const std::byte> octets) {
    // With room for the null behind it.
    std::string text((octets.size() + 2) / 3 * 4 + 1, '\0');
    const int length = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                         reinterpret_cast<const unsigned char*>(octets.data()),
                                         static_cast<int>(octets.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
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

}  // namespace onlooker::openssl_module
