// The commands that change who may come in: onlooker user, token, link and key.
//
// A password is asked for at the terminal, twice and without echo; where standard input is none, it
// is the first line of it, as scripts and containers give it. It is never taken from the command
// line, where every user of the machine could read it.
//
// Called from main, before the loop is there.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace onlooker::access {

// The command line cannot be used; in words.
class UsageError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

// True for the first word of one of these commands.
bool is_command(std::string_view word) noexcept;

// `arguments` begin with that word. Returns what to print on standard output. Throws UsageError,
// UsersFileError, NoLogins, and std::runtime_error.
std::string run_command(const std::vector<std::string>& arguments);

}  // namespace onlooker::access
