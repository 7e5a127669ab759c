#include "access/passwords.hpp"

#include <crypt.h>
#include <string.h>  // NOLINT(modernize-deprecated-headers): for explicit_bzero

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>

#include "access/crypto.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace onlooker::access {

namespace {

using Kind = HashVerdict::Kind;

constexpr std::string_view advice =
    "set the password again with: onlooker user password NAME --users FILE";

HashVerdict refused(std::string_view what) {
    return {.kind = Kind::refused, .words = fmt::format("{}; {}", what, advice)};
}

HashVerdict cheap(std::string_view what) {
    return {.kind = Kind::cheap,
            .words = fmt::format("{} is so cheap to compute that guessing is; {}", what, advice)};
}

bool is_salt_octet(char c) noexcept {
    return is_alphanumeric(c) || c == '.' || c == '/';
}

// "...$SALT$HASH", where the hash has so many characters.
bool ends_with_hash(std::string_view text, std::size_t characters) {
    return text.size() > characters + 1 && text[text.size() - characters - 1] == '$' &&
           std::ranges::all_of(text.substr(text.size() - characters), is_salt_octet);
}

// $y$jNR$SALT$HASH, with N and R as crypt_gensalt writes them: j9T takes 16 MiB, jCT 128 MiB.
HashVerdict judge_yescrypt(std::string_view hash, std::string_view prefix) {
    const auto rest = hash.substr(prefix.size());
    const bool is_known = rest.size() > 4 && rest[0] == 'j' && rest[3] == '$' &&
                          (rest[2] == 'T' || rest[2] == '5') && is_alphanumeric(rest[1]);
    if (!is_known || !ends_with_hash(hash, 43))
        return refused("the yescrypt hash is cut off, or not one of those that mkpasswd makes");
    // In the order of these digits '9' comes before 'A' (crypt(5)).
    if (rest[1] > 'C')
        return refused("the yescrypt hash takes more than 128 MiB of memory at each login");
    return rest[2] == '5' ? cheap("this yescrypt hash") : HashVerdict{};
}

// $7$NU..../....SALT$HASH, as crypt_gensalt writes it: CU takes 64 MiB, DU 128 MiB.
HashVerdict judge_scrypt(std::string_view hash) {
    if (hash.size() < 14 || hash.substr(4, 10) != "U..../...." || !ends_with_hash(hash, 43))
        return refused("the scrypt hash is cut off, or not one of those that mkpasswd makes");
    if (!is_alphanumeric(hash[3]) || hash[3] > 'D')
        return refused("the scrypt hash takes more than 128 MiB of memory at each login");
    return {};
}

// $2b$COST$SALT-AND-HASH
HashVerdict judge_bcrypt(std::string_view hash) {
    const auto cost = hash.size() == 60 && hash[6] == '$'
                          ? parse_number<unsigned>(hash.substr(4, 2))
                          : std::nullopt;
    if (!cost || !std::ranges::all_of(hash.substr(7), is_salt_octet))
        return refused("the bcrypt hash is cut off");
    if (*cost > 14)
        return refused("the bcrypt hash takes seconds at each login");
    return *cost < 10 ? cheap(fmt::format("bcrypt with a cost of {}", *cost)) : HashVerdict{};
}

// $6$[rounds=N$]SALT$HASH
HashVerdict judge_sha512(std::string_view hash) {
    constexpr std::string_view word = "$6$rounds=";
    std::optional<unsigned> rounds = 5000;  // crypt(5)
    if (hash.starts_with(word)) {
        const auto digits = hash.substr(word.size());
        rounds = parse_number<unsigned>(digits.substr(0, digits.find('$')));
    }
    if (!rounds || !ends_with_hash(hash, 86))
        return refused("the sha512-crypt hash is cut off");
    if (*rounds > 1'000'000)
        return refused("the sha512-crypt hash takes too long at each login");
    return *rounds < 200'000 ? cheap("sha512-crypt") : HashVerdict{};
}

struct Form {
    std::string_view prefix;
    HashVerdict (*judge)(std::string_view hash);
};
constexpr std::array forms{
    Form{"$y$", [](std::string_view hash) { return judge_yescrypt(hash, "$y$"); }},
    Form{"$gy$", [](std::string_view hash) { return judge_yescrypt(hash, "$gy$"); }},
    Form{"$7$", judge_scrypt},
    Form{"$2a$", judge_bcrypt},
    Form{"$2b$", judge_bcrypt},
    Form{"$2y$", judge_bcrypt},
    Form{"$6$", judge_sha512},
    Form{"$5$", [](std::string_view) { return refused("a hash of sha256-crypt is too weak"); }},
    Form{"$1$", [](std::string_view) { return refused("a hash of MD5 is too weak"); }},
    Form{"$apr1$", [](std::string_view) { return refused("a hash of MD5 is too weak"); }},
    Form{"$md5", [](std::string_view) { return refused("a hash of MD5 is too weak"); }},
    Form{"$sha1$", [](std::string_view) { return refused("a hash of SHA-1 is too weak"); }},
    Form{"{SHA}", [](std::string_view) { return refused("a hash of SHA-1 is too weak"); }},
};

// The memory that libcrypt works with, 32 KiB of it; it holds the password meanwhile.
class Work {
  public:
    Work() : data_(std::make_unique<crypt_data>()) {}
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() { ::explicit_bzero(data_.get(), sizeof(crypt_data)); }

    // Null when libcrypt fails; then errno says why.
    const char* crypt(const Secret& password, const char* setting) {
        return ::crypt_rn(password.c_str(), setting, data_.get(), sizeof(crypt_data));
    }

  private:
    std::unique_ptr<crypt_data> data_;
};

}  // namespace

HashVerdict judge_hash(std::string_view hash) {
    for (const Form& form : forms)
        if (hash.starts_with(form.prefix))
            return form.judge(hash);
    if (hash.size() == 13 && std::ranges::all_of(hash, is_salt_octet))
        return refused("this is plain text, or a hash of DES, which is too weak");
    return refused("this is no hash of a password that can be read here");
}

std::string password_objection(std::string_view password) {
    if (password.find('\0') != std::string_view::npos)
        return "a password cannot hold a NUL octet";
    if (password.size() > longest_password)
        return fmt::format("a password has at most {} octets", longest_password);
    if (!is_utf8(password))
        return "a password is UTF-8, as browsers send it; this terminal writes something else";
    // Of a character in UTF-8 all octets but the first are 10xxxxxx.
    const auto characters = std::ranges::count_if(
        password, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (static_cast<std::size_t>(characters) < shortest_password)
        return fmt::format("a password has at least {} characters", shortest_password);
    return {};
}

std::string hash_password(const Secret& password) {
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    // Without octets of its own it takes the salt's from the kernel (crypt_gensalt(3)).
    const char* made =
        ::crypt_gensalt_rn("$y$", 0, nullptr, 0, setting.data(), static_cast<int>(setting.size()));
    Work work;
    const char* hash = made ? work.crypt(password, made) : nullptr;
    if (!hash)
        throw std::runtime_error(
            fmt::format("libcrypt cannot make a yescrypt hash: {}", std::strerror(errno)));
    return hash;
}

bool matches(const Secret& password, const std::string& hash) {
    const auto text = password.view();
    if (text.empty() || text.size() > longest_password || text.find('\0') != std::string_view::npos)
        return false;
    Work work;
    const char* made = work.crypt(password, hash.c_str());
    if (!made && errno == ENOMEM)
        throw std::bad_alloc();
    return made && equal(sha256(made), sha256(hash));
}

const std::string& nobodys_hash() noexcept {
    static const std::string hash =
        "$y$j9T$CFKJQeoerccPn69Yoo4I70$SljT.v2mwB.by4WALmem53lrEXZ9MyzfNEaUpZAGsP/";
    return hash;
}

}  // namespace onlooker::access
