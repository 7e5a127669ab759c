// Who may come in: the file of --users in memory, and how it follows the file.
//
// When the file changes it is read again, within a second. One that cannot be used changes nothing:
// the log says why, once, and those who could log in still can.
//
//     Directory directory(executor, path, [&](const Changes& changes) {
//         sessions.end_if([&](const Session& session) { return !directory.is_current(session); });
//         ... close the streams of what else has gone ...
//     });
//
// Owner: whoever owns the logins. Thread: the loop; reading the file blocks it for a moment.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/credentials.hpp"
#include "access/file_watch.hpp"
#include "access/links.hpp"
#include "access/recent_logins.hpp"
#include "access/sessions.hpp"
#include "access/users_text.hpp"
#include "base/awaitable.hpp"

namespace onlooker::access {

// What a running stream may have been let in by, and no longer would be.
struct Changes {
    std::vector<std::string> users;   // gone, or with another password, or with another grant
    std::vector<std::string> tokens;  // gone, or another one of that name, or with another grant
    std::vector<std::string> links;   // ids that were revoked
    std::vector<std::string> keys;    // kids of links that are not believed any more

    bool empty() const noexcept {
        return users.empty() && tokens.empty() && links.empty() && keys.empty();
    }
};

class Directory {
  public:
    // Called when the file was read again and differs, also where `changes` is empty (a new user).
    using Changed = std::function<void(const Changes& changes)>;

    // Throws UsersFileError when the file cannot be used at start.
    Directory(Executor executor, std::string path, Changed changed);
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    const std::string& path() const noexcept { return path_; }

    // Pointers and spans are good until the file is read again.
    bool has_users() const noexcept { return !users_.empty(); }
    std::span<const User> users() const noexcept { return users_; }
    std::span<const Token> tokens() const noexcept { return tokens_; }

    const User* find_user(std::string_view name) const noexcept;
    // The hash to compare a password with: that of the user, or, where there is none, one that
    // costs as much, so that the time of the answer does not tell.
    const std::string& hash_for(std::string_view name) const noexcept;
    const Token* find_token(std::string_view shown) const;
    // The user is still there, with the password with which the session began.
    bool is_current(const Session& session) const;

    std::variant<Link, LinkRefusal> verify_link(const http::Query& query, WallTime now) const;
    // The key to make links with; null: the file has none (`onlooker key rotate` makes one).
    const LinkKey* link_key() const noexcept { return active_key(keys_); }

    RecentLogins& recent_logins() noexcept { return recent_; }

    // Follows the file no more, so that nothing keeps the loop running.
    void close() { watch_.reset(); }

    // Reads the file now, as on SIGHUP. False if it cannot be used; the log says why.
    bool reload();

  private:
    // Nothing when the text is the one that is in force.
    std::optional<Changes> take(const std::string& text);

    std::string path_;
    Changed changed_;
    std::vector<User> users_;
    std::vector<Token> tokens_;
    std::vector<LinkKey> keys_;
    std::vector<RevokedLink> revoked_;
    RecentLogins recent_;
    Digest text_digest_{};    // of the text that is in force
    std::string last_wrong_;  // why the file could not be used when it was last read
    std::optional<FileWatch> watch_;
};

}  // namespace onlooker::access
