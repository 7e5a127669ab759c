#include "access/grant.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace onlooker::access {

namespace {

using http::Scope;

constexpr std::uint8_t bit_of(Scope scope) noexcept {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope));
}

struct Word {
    std::string_view text;
    Scope scope;
    std::uint8_t bits;  // with those that it includes
};

// A word comes before those that it includes.
constexpr std::array words{
    Word{"admin", Scope::admin,
         bit_of(Scope::admin) | bit_of(Scope::control) | bit_of(Scope::push) | bit_of(Scope::view)},
    Word{"control", Scope::control, bit_of(Scope::control) | bit_of(Scope::view)},
    Word{"push", Scope::push, bit_of(Scope::push)},
    Word{"view", Scope::view, bit_of(Scope::view)},
};

}  // namespace

Scopes::Scopes(Scope scope) noexcept {
    for (const Word& word : words)
        if (word.scope == scope)
            bits_ = word.bits;
}

std::optional<Scopes> Scopes::parse(std::string_view text) {
    Scopes scopes;
    while (true) {
        const auto comma = text.find(',');
        const auto* word = std::ranges::find(words, text.substr(0, comma), &Word::text);
        if (word == words.end())
            return std::nullopt;
        scopes.bits_ |= word->bits;
        if (comma == std::string_view::npos)
            return scopes;
        text.remove_prefix(comma + 1);
    }
}

bool Scopes::has(Scope scope) const noexcept {
    return scope == Scope::public_ || (bits_ & bit_of(scope)) != 0;
}

std::string Scopes::text() const {
    std::string result;
    std::uint8_t said = 0;
    for (const Word& word : words) {
        if ((bits_ & bit_of(word.scope)) == 0 || (said & bit_of(word.scope)) != 0)
            continue;
        result += (result.empty() ? "" : ",") + std::string(word.text);
        said |= word.bits;
    }
    return result;
}

Grant::Grant(Scopes scopes, std::vector<std::string> cameras)
    : scopes_(scopes), cameras_(std::move(cameras)) {
    std::ranges::sort(cameras_);
    const auto rest = std::ranges::unique(cameras_);
    cameras_.erase(rest.begin(), rest.end());
}

bool Grant::allows(Scope scope, std::string_view camera) const noexcept {
    if (scope == Scope::public_)
        return true;
    return scopes_.has(scope) &&
           (cameras_.empty() || std::ranges::binary_search(cameras_, camera, std::less<>{}));
}

}  // namespace onlooker::access
