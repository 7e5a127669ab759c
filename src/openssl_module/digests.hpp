// Digests and base64 in OpenSSL; what they are is said in openssl_module.hpp.
//
// Pure functions; any thread.
#pragma once

#include "access/crypto.hpp"

namespace onlooker::openssl_module {

access::Digest sha256(std::string_view text);
access::Digest hmac_sha256(std::span<const std::byte> key, std::string_view text);
bool equal(const access::Digest& a, const access::Digest& b) noexcept;
std::string base64(std::span<const std::byte> octets);
std::optional<std::string> base64_decoded(std::string_view text);

}  // namespace onlooker::openssl_module
