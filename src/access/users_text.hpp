// The text of the file of --users: one entry a line, which a person can read, and change.
//
//     # A user: NAME:HASH:SCOPES:CAMERAS. No scopes: view; no cameras: all. So a line of htpasswd
//     # is a user who may view everything.
//     anna:$y$j9T$...:admin
//     bob:$2y$10$...:view:bed,door
//     # A token, of which only the SHA-256 is kept.
//     token octoprint scopes=view cameras=bed made=2026-11-29 sha256=2c26b46b...
//     # What links are signed with: the active key makes them, a retired one is still believed.
//     key k1 active secret=...
//     # A link that is not believed any more, until when it would have been.
//     revoked 4Yp3Kd0zQhE until=1796000000
//
// Comments, blank lines and the order are kept when entries are put and removed.
//
// Plain values; nothing is read or written here (users_file.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/crypto.hpp"
#include "access/grant.hpp"

namespace onlooker::access {

// The file cannot be used. The text says which file, which line, and what was expected, and never
// holds a hash or a secret.
class UsersFileError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

struct User {
    std::string name;
    std::string hash;
    Grant grant;

    // Changes with the password: what a session remembers of it.
    Digest password_digest() const { return sha256(hash); }
};

struct Token {
    std::string name;
    Digest digest{};  // SHA-256 of the token as it is sent
    Grant grant;
    std::chrono::year_month_day made;
};

struct LinkKey {
    std::string kid;
    bool active = false;
    Digest secret{};
};

struct RevokedLink {
    std::string id;
    std::chrono::sys_seconds until;
};

class UsersText {
  public:
    static constexpr std::size_t longest_text = 1024UL * 1024;
    static constexpr std::size_t longest_line = 4096;
    static constexpr std::size_t most_lines = 10'000;
    static constexpr std::size_t most_entries = 1000;

    UsersText() = default;
    // Hashes that are refused (judge_hash) make the file one that cannot be used. Whoever wants to
    // replace one takes them as they are.
    enum class Hashes : bool { judged, as_they_are };

    // `file` is its name, for errors. Throws UsersFileError.
    static UsersText parse(std::string_view text, std::string_view file,
                           Hashes hashes = Hashes::judged);

    std::string text() const;
    // Of hashes that are too cheap, each with its file and line.
    const std::vector<std::string>& warnings() const noexcept { return warnings_; }

    template <typename Entry>
    std::vector<Entry> all() const {
        std::vector<Entry> found;
        for (const Line& line : lines_)
            if (const Entry* entry = std::get_if<Entry>(&line.entry))
                found.push_back(*entry);
        return found;
    }
    // Null if there is none of that name (kid, id). Good until the next change.
    template <typename Entry>
    const Entry* find(std::string_view name) const {
        for (const Line& line : lines_)
            if (const Entry* entry = std::get_if<Entry>(&line.entry);
                entry && name_of(*entry) == name)
                return entry;
        return nullptr;
    }
    // Replaces the entry of that kind and name, or adds a line. Throws UsersFileError when there
    // would be too many.
    void put(User entry) { put_line(std::move(entry)); }
    void put(Token entry) { put_line(std::move(entry)); }
    void put(LinkKey entry) { put_line(std::move(entry)); }
    void put(RevokedLink entry) { put_line(std::move(entry)); }
    // False if there is none.
    template <typename Entry>
    bool remove(std::string_view name) {
        return std::erase_if(lines_, [&](const Line& line) {
                   const Entry* entry = std::get_if<Entry>(&line.entry);
                   return entry && name_of(*entry) == name;
               }) > 0;
    }

  private:
    using Entry = std::variant<std::monostate, User, Token, LinkKey, RevokedLink>;
    struct Line {
        std::string text;
        Entry entry;
    };

    static const std::string& name_of(const User& user) noexcept { return user.name; }
    static const std::string& name_of(const Token& token) noexcept { return token.name; }
    static const std::string& name_of(const LinkKey& key) noexcept { return key.kid; }
    static const std::string& name_of(const RevokedLink& link) noexcept { return link.id; }

    static const std::string& name_of(const Entry& entry) noexcept;

    static Entry read_entry(std::string_view line);
    void check_last_line(std::size_t entries) const;
    void judge_last_line(const std::string& place);
    void put_line(Entry entry);

    std::vector<Line> lines_;
    std::vector<std::string> warnings_;
};

}  // namespace onlooker::access
