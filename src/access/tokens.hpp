// Tokens for programs: 256 bits, shown once when they are made, and kept as their SHA-256. The
// prefix lets people, and scanners of published source, recognise one.
//
// Pure functions but for make_token(); any thread.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "access/secret.hpp"
#include "access/users_text.hpp"

namespace onlooker::access {

inline constexpr std::string_view token_prefix = "onl_";

struct NewToken {
    Secret shown;  // "onl_...", what a program sends
    Token entry;
};

NewToken make_token(std::string name, Grant grant, std::chrono::year_month_day made);

// Null if it is none of them. In a time that tells nothing of them.
const Token* find_token(std::span<const Token> tokens, std::string_view shown);

}  // namespace onlooker::access
