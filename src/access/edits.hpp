// What the commands do to the file of --users, in one call each. What is printed of it is here,
// too.
//
// Functions that block on the disk; called from main. They throw UsersFileError, also where there
// is nothing of that name, or already something.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "access/links.hpp"
#include "access/secret.hpp"
#include "access/users_text.hpp"

namespace onlooker::access {

struct Said {
    std::string output;  // what was asked for: for standard output
    std::string remark;  // what is good to know: for standard error
};

// "may view; all cameras"
std::string describe(const Grant& grant);

// The password is asked for once everything else is found good.
using AskPassword = std::function<Secret(std::string_view user)>;

Said add_user(const std::string& file, const std::string& name, const Grant& grant,
              const AskPassword& ask);
Said change_password(const std::string& file, const std::string& name, const AskPassword& ask);
Said change_grant(const std::string& file, const std::string& name, const Grant& grant);
Said remove_user(const std::string& file, const std::string& name);
Said list_users(const std::string& file);

Said add_token(const std::string& file, const std::string& name, const Grant& grant);
Said list_tokens(const std::string& file);
Said revoke_token(const std::string& file, const std::string& name);

// The URL of the camera's stream. `base`: "http://host:port", with the prefix of a proxy if any.
Said add_link(const std::string& file, const Link& link, std::string_view base);
// `link` is its URL or its id.
Said revoke_link(const std::string& file, std::string_view link);

// `drop_old`: links of older keys are not believed any more.
Said rotate_keys(const std::string& file, bool drop_old);

}  // namespace onlooker::access
