// What stands in for crypto.cpp and passwords.cpp in a build without logins.
#include "access/crypto.hpp"
#include "access/passwords.hpp"

namespace onlooker::access {

bool has_logins() noexcept {
    return false;
}

Digest sha256(std::string_view) {
    throw NoLogins();
}

Digest hmac_sha256(std::span<const std::byte>, std::string_view) {
    throw NoLogins();
}

bool equal(const Digest&, const Digest&) {
    throw NoLogins();
}

Digest random_octets() {
    throw NoLogins();
}

std::optional<std::string> base64_decoded(std::string_view) {
    throw NoLogins();
}

std::string base64url(const Digest&) {
    throw NoLogins();
}

std::optional<Digest> base64url_decoded(std::string_view) {
    throw NoLogins();
}

std::string hex(const Digest&) {
    throw NoLogins();
}

std::optional<Digest> hex_decoded(std::string_view) {
    throw NoLogins();
}

HashVerdict judge_hash(std::string_view) {
    throw NoLogins();
}

std::string password_objection(std::string_view) {
    throw NoLogins();
}

std::string hash_password(const Secret&) {
    throw NoLogins();
}

bool matches(const Secret&, const std::string&) {
    throw NoLogins();
}

const std::string& nobodys_hash() noexcept {
    static const std::string none;
    return none;
}

}  // namespace onlooker::access
