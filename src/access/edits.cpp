#include "access/edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "access/names.hpp"
#include "access/passwords.hpp"
#include "access/tokens.hpp"
#include "access/users_file.hpp"
#include "base/text.hpp"

namespace onlooker::access {

namespace {

WallTime wall_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

UsersText read_as_it_is(const std::string& file) {
    return UsersText::parse(read_users_text(file), file, UsersText::Hashes::as_they_are);
}

[[noreturn]] void refuse_missing(const std::string& file, std::string_view kind,
                                 std::string_view name) {
    throw UsersFileError(
        fmt::format("there is no {} {} in {}; onlooker {} list shows those that there are", kind,
                    readable(name), readable(file), kind));
}

void check_is_there(const UsersText& users, const std::string& file, const std::string& name) {
    if (!users.find<User>(name))
        refuse_missing(file, "user", name);
}

void check_is_new(const UsersText& users, const std::string& file, const std::string& name) {
    if (users.find<User>(name))
        throw UsersFileError(fmt::format(
            "{0} is in {1} already; for a new password: onlooker user password {0} --users {1}",
            name, readable(file)));
}

std::string cameras_text(const Grant& grant) {
    return grant.cameras().empty() ? "all cameras"
                                   : fmt::format("{}", fmt::join(grant.cameras(), ","));
}

std::string row(std::string_view name, const Grant& grant, std::string_view rest) {
    return fmt::format("{:<20} {:<16} {}{}\n", name, grant.scopes().text(), cameras_text(grant),
                       rest);
}

}  // namespace

std::string describe(const Grant& grant) {
    return fmt::format("may {}; {}", grant.scopes().text(), cameras_text(grant));
}

Said add_user(const std::string& file, const std::string& name, const Grant& grant,
              const AskPassword& ask) {
    if (!is_user_name(name))
        throw UsersFileError(
            fmt::format("a user's name has 1 to {} octets, without blanks, commas, colons and "
                        "backslashes, and does not begin with #",
                        longest_user_name));
    check_is_new(users_to_edit(file, IfMissing::make), file, name);
    const std::string hash = hash_password(ask(name));
    edit_users_file(file, IfMissing::make, [&](UsersText& users) {
        check_is_new(users, file, name);
        users.put(User{.name = name, .hash = hash, .grant = grant});
    });
    return {.output = "", .remark = fmt::format("{} {}.\n", name, describe(grant))};
}

Said change_password(const std::string& file, const std::string& name, const AskPassword& ask) {
    check_is_there(users_to_edit(file, IfMissing::refuse), file, name);
    const std::string hash = hash_password(ask(name));
    edit_users_file(file, IfMissing::refuse, [&](UsersText& users) {
        check_is_there(users, file, name);
        User user = *users.find<User>(name);
        user.hash = hash;
        users.put(std::move(user));
    });
    return {.output = "",
            .remark = fmt::format("{} has a new password, and must log in again.\n", name)};
}

Said change_grant(const std::string& file, const std::string& name, const Grant& grant) {
    edit_users_file(file, IfMissing::refuse, [&](UsersText& users) {
        check_is_there(users, file, name);
        User user = *users.find<User>(name);
        user.grant = grant;
        users.put(std::move(user));
    });
    return {.output = "", .remark = fmt::format("{} {}.\n", name, describe(grant))};
}

Said remove_user(const std::string& file, const std::string& name) {
    edit_users_file(file, IfMissing::refuse, [&](UsersText& users) {
        if (!users.remove<User>(name))
            refuse_missing(file, "user", name);
    });
    return {.output = "", .remark = fmt::format("{} cannot log in any more.\n", name)};
}

Said list_users(const std::string& file) {
    Said said;
    for (const User& user : read_as_it_is(file).all<User>()) {
        said.output += row(user.name, user.grant, "");
        if (const HashVerdict verdict = judge_hash(user.hash);
            verdict.kind != HashVerdict::Kind::good)
            said.remark += fmt::format("{}: {}\n", user.name, verdict.words);
    }
    return said;
}

Said add_token(const std::string& file, const std::string& name, const Grant& grant) {
    if (!is_word(name))
        throw UsersFileError(fmt::format(
            "a token's name has 1 to {} letters, digits, dots, '-' and '_'", longest_word));
    NewToken token = make_token(name, grant, std::chrono::floor<std::chrono::days>(wall_now()));
    edit_users_file(file, IfMissing::make, [&](UsersText& users) {
        if (users.find<Token>(name))
            throw UsersFileError(fmt::format(
                "there is a token {0} in {1} already; onlooker token revoke {0} --users "
                "{1} makes room for another",
                name, readable(file)));
        users.put(token.entry);
    });
    return {.output = fmt::format("{}\n", token.shown.view()),
            .remark = fmt::format("{} {}. The token is shown this once; a program sends it as\n"
                                  "Authorization: Bearer TOKEN\n",
                                  name, describe(grant))};
}

Said list_tokens(const std::string& file) {
    Said said;
    for (const Token& token : read_as_it_is(file).all<Token>())
        said.output +=
            row(token.name, token.grant,
                fmt::format(", made {:04}-{:02}-{:02}", static_cast<int>(token.made.year()),
                            static_cast<unsigned>(token.made.month()),
                            static_cast<unsigned>(token.made.day())));
    return said;
}

Said revoke_token(const std::string& file, const std::string& name) {
    edit_users_file(file, IfMissing::refuse, [&](UsersText& users) {
        if (!users.remove<Token>(name))
            refuse_missing(file, "token", name);
    });
    return {.output = "", .remark = fmt::format("The token {} is not taken any more.\n", name)};
}

Said add_link(const std::string& file, const Link& link, std::string_view base) {
    auto keys = read_as_it_is(file).all<LinkKey>();
    if (!active_key(keys)) {
        edit_users_file(file, IfMissing::refuse, [](UsersText&) {});  // which makes one
        keys = read_as_it_is(file).all<LinkKey>();
    }
    Link made = link;
    const std::string query = make_link(made, *active_key(keys));
    while (base.ends_with('/'))
        base.remove_suffix(1);
    return {.output = fmt::format("{}/cameras/{}/stream?{}\n", base, link.camera, query),
            .remark = fmt::format("Whoever has this link can see {}. To take it back:\n"
                                  "onlooker link --revoke {} --users {}\n",
                                  link.camera, made.id, readable(file))};
}

Said revoke_link(const std::string& file, std::string_view link) {
    // Of an id alone it is not known when it expires.
    RevokedLink revoked{.id = std::string(link), .until = wall_now() + longest_link_life};
    if (const auto mark = link.find('?'); mark != std::string_view::npos)
        revoked.id = http::Query::parse(link.substr(mark + 1)).get("id").value_or("");
    if (!is_word(revoked.id))
        throw UsersFileError("this is neither the URL of a link nor its id");
    edit_users_file(file, IfMissing::refuse, [&](UsersText& users) { users.put(revoked); });
    return {.output = "", .remark = "The link shows nothing any more.\n"};
}

Said rotate_keys(const std::string& file, bool drop_old) {
    edit_users_file(file, IfMissing::refuse, [&](UsersText& users) {
        rotate_link_key(users);
        if (!drop_old)
            return;
        for (const LinkKey& key : users.all<LinkKey>())
            if (!key.active)
                users.remove<LinkKey>(key.kid);
    });
    return {.output = "",
            .remark = drop_old ? "Links that were made before show nothing any more.\n"
                               : "Links that were made before go on until they expire.\n"};
}

}  // namespace onlooker::access
