#include "access/directory.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "access/passwords.hpp"
#include "access/tokens.hpp"
#include "access/users_file.hpp"
#include "base/logging.hpp"
#include "base/text.hpp"

namespace onlooker::access {

namespace {

bool is_same(const User& a, const User& b) {
    return a.hash == b.hash && a.grant == b.grant;
}
bool is_same(const Token& a, const Token& b) {
    return a.digest == b.digest && a.grant == b.grant;
}
bool is_same(const LinkKey& a, const LinkKey& b) {
    return a.secret == b.secret;
}

// Of the old entries, the names of those that are not there any more as they were.
template <typename Entry>
std::vector<std::string> names_of_changed(const std::vector<Entry>& old,
                                          const std::vector<Entry>& now,
                                          std::string Entry::* name) {
    std::vector<std::string> names;
    for (const Entry& entry : old)
        if (const auto other = std::ranges::find(now, entry.*name, name);
            other == now.end() || !is_same(entry, *other))
            names.push_back(entry.*name);
    return names;
}

}  // namespace

Directory::Directory(Executor executor, std::string path, Changed changed)
    : path_(std::filesystem::absolute(path).string()),
      changed_(std::move(changed)),
      watch_(std::in_place, executor, path_, [this] { reload(); }) {
    // The watch came first, so that nothing happens between the two.
    take(read_users_text(path_));
}

const User* Directory::find_user(std::string_view name) const noexcept {
    const auto user = std::ranges::find(users_, name, &User::name);
    return user == users_.end() ? nullptr : &*user;
}

const std::string& Directory::hash_for(std::string_view name) const noexcept {
    if (const User* user = find_user(name))
        return user->hash;
    return users_.empty() ? nobodys_hash() : users_.front().hash;
}

const Token* Directory::find_token(std::string_view shown) const {
    return access::find_token(tokens_, shown);
}

bool Directory::is_current(const Session& session) const {
    const User* user = find_user(session.user);
    return user && equal(user->password_digest(), session.password);
}

std::variant<Link, LinkRefusal> Directory::verify_link(const http::Query& query,
                                                       WallTime now) const {
    return access::verify_link(query, keys_, revoked_, now);
}

bool Directory::reload() {
    std::optional<Changes> changes;
    try {
        changes = take(read_users_text(path_));
    } catch (const UsersFileError& error) {
        if (last_wrong_ != error.what())
            logging::error("{}; the users that were read before stay in force", error.what());
        last_wrong_ = error.what();
        return false;
    }
    last_wrong_.clear();
    if (changes && changed_)
        changed_(*changes);
    return true;
}

std::optional<Changes> Directory::take(const std::string& text) {
    const Digest digest = sha256(text);
    if (equal(digest, text_digest_))
        return std::nullopt;
    const UsersText read = UsersText::parse(text, path_);
    for (const std::string& warning : read.warnings())
        logging::warn("{}", warning);
    const auto old_users = std::exchange(users_, read.all<User>());
    const auto old_tokens = std::exchange(tokens_, read.all<Token>());
    const auto old_keys = std::exchange(keys_, read.all<LinkKey>());
    const auto old_revoked = std::exchange(revoked_, read.all<RevokedLink>());
    text_digest_ = digest;
    recent_.clear();
    logging::info("{} was read; users: {}, tokens: {}", readable(path_), users_.size(),
                  tokens_.size());
    Changes changes{.users = names_of_changed(old_users, users_, &User::name),
                    .tokens = names_of_changed(old_tokens, tokens_, &Token::name),
                    .links = {},
                    .keys = names_of_changed(old_keys, keys_, &LinkKey::kid)};
    for (const RevokedLink& link : revoked_)
        if (std::ranges::find(old_revoked, link.id, &RevokedLink::id) == old_revoked.end())
            changes.links.push_back(link.id);
    return changes;
}

}  // namespace onlooker::access
