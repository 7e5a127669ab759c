#include "access/tokens.hpp"

#include <utility>

#include "access/crypto.hpp"

namespace onlooker::access {

namespace {

constexpr std::size_t token_length = token_prefix.size() + 43;  // as base64url() writes 256 bits

}  // namespace

NewToken make_token(std::string name, Grant grant, std::chrono::year_month_day made) {
    Secret shown(std::string(token_prefix) + base64url(random_octets()));
    const Digest digest = sha256(shown.view());
    return {
        .shown = std::move(shown),
        .entry = {
            .name = std::move(name), .digest = digest, .grant = std::move(grant), .made = made}};
}

const Token* find_token(std::span<const Token> tokens, std::string_view shown) {
    if (shown.size() != token_length || !shown.starts_with(token_prefix))
        return nullptr;
    const Digest digest = sha256(shown);
    const Token* found = nullptr;
    for (const Token& token : tokens)
        if (equal(token.digest, digest))
            found = &token;
    return found;
}

}  // namespace onlooker::access
