#include "access/tokens.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace onlooker::access;
using onlooker::http::Scope;

TEST_SUITE("tokens") {
    TEST_CASE("a token is shown once, and found by what was shown") {
        const auto day = std::chrono::year(2026) / 11 / 29;
        NewToken first = make_token("first", Grant(Scopes(Scope::view)), day);
        NewToken second = make_token("second", Grant(), day);
        const std::string shown(second.shown.view());
        CHECK(shown.starts_with("onl_"));
        CHECK(shown.size() == 47);
        CHECK(first.shown.view() != shown);
        CHECK(second.entry.digest == sha256(shown));
        const std::vector<Token> tokens{first.entry, second.entry};
        CHECK(find_token(tokens, shown) == &tokens[1]);
        CHECK(find_token(tokens, first.shown.view()) == &tokens[0]);
    }

    TEST_CASE("nothing else is found") {
        const NewToken token = make_token("t", Grant(), std::chrono::year(2026) / 11 / 29);
        const std::vector<Token> tokens{token.entry};
        const std::string shown(token.shown.view());
        for (const std::string& wrong :
             {std::string(), shown.substr(1), shown + "A", shown.substr(4),
              "ONL_" + shown.substr(4), "onl_" + std::string(43, 'A'), hex(token.entry.digest)})
            CHECK(find_token(tokens, wrong) == nullptr);
        CHECK(find_token({}, shown) == nullptr);
    }
}
