// Passwords and their hashes, by libcrypt.
//
// New hashes are yescrypt ($y$j9T), as the system's own are. Those of htpasswd and mkpasswd are
// taken, too: bcrypt, scrypt and gost-yescrypt; sha512-crypt with a warning, since it costs a
// guesser next to nothing. Plain text, MD5, SHA-1, DES and sha256-crypt are refused, and so are
// hashes that cost seconds, or more than 128 MiB.
//
// Thread: any. hash_password() and matches() compute for 10 to 200 ms: never on the loop, which has
// password_worker.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "access/secret.hpp"

namespace onlooker::access {

inline constexpr std::size_t longest_password = 256;  // octets; of an attempt, too
inline constexpr std::size_t shortest_password = 8;   // characters, of a new one

struct HashVerdict {
    enum class Kind : std::uint8_t { good, cheap, refused };
    Kind kind = Kind::good;
    // For `cheap` and `refused`: what it is, and what to do. Holds nothing of the hash.
    std::string words;
};

// Looks at the form alone.
HashVerdict judge_hash(std::string_view hash);

// What is wrong with a password that somebody chose, in words; empty: nothing.
std::string password_objection(std::string_view password);

// With a new salt. Throws std::runtime_error when libcrypt fails, and NoLogins.
std::string hash_password(const Secret& password);

// False, too, for a password or a hash that cannot be used. Compares in constant time. Throws
// std::bad_alloc when the memory that the hash takes cannot be had, and NoLogins.
bool matches(const Secret& password, const std::string& hash);

// Of a password that nobody has: hashed against where there is no user to hash against.
const std::string& nobodys_hash() noexcept;

}  // namespace onlooker::access
