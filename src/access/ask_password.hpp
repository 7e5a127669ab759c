// Asks for a password where its owner can give it unseen: at a terminal, twice and without echo;
// or, where standard input is none, as its first line, which is how scripts and containers give it.
// The command line is no place for it: every user of the machine can read that.
//
// Called from main, before there are threads. At a terminal, a signal that ends the program
// (Ctrl-C) ends it with the echo on again.
//
// Errors: std::runtime_error in words, which never hold the password.
#pragma once

#include <string_view>

#include "access/secret.hpp"

namespace onlooker::access {

// A new one, which password_objection() has nothing against. `user` is whose it is, for the prompt.
Secret ask_new_password(std::string_view user);

// The same for given descriptors: where to read, and where to write the prompts to.
Secret ask_new_password(std::string_view user, int from, int to);

}  // namespace onlooker::access
