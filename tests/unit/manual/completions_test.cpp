#include "manual/completions.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "app/settings.hpp"

using namespace onlooker;
using app::Setting;

namespace {

bool contains(std::string_view text, std::string_view piece) {
    return text.find(piece) != std::string_view::npos;
}

}  // namespace

TEST_SUITE("completions") {
    TEST_CASE("know every option in every shell") {
        const std::string bash = manual::bash_options(app::settings());
        const std::string zsh = manual::zsh_options(app::settings());
        const std::string fish = manual::fish_options(app::settings(), "");
        for (const Setting& setting : app::settings()) {
            CAPTURE(setting.name);
            CHECK(contains(bash, setting.option_name()));
            CHECK(contains(zsh, setting.option_name()));
            CHECK(contains(fish, " -l " + std::string(setting.name) + " "));
        }
    }

    TEST_CASE("offer what an option takes") {
        const std::string bash = manual::bash_values(app::settings());
        CHECK(contains(bash, "        --subsampling)\n            _onlooker_words 420 422 444\n"));
        CHECK(contains(bash, "        --driver-dir)\n            _filedir -d\n"));
        CHECK_FALSE(contains(bash, "--public"));
        const std::string zsh = manual::zsh_options(app::settings());
        CHECK(contains(zsh,
                       "'--log-level=[debug, info, warning, error or off]:LEVEL:"
                       "(debug info warning error off)'\n"));
        CHECK(contains(zsh, "'*--camera=[A camera, \\[NAME=\\]DRIVER\\[:SOURCE\\]"));
        CHECK(contains(zsh,
                       "'--users=[Logins, tokens and keys of links; with it viewers must log "
                       "in]:FILE:_files'\n"));
        const std::string fish = manual::fish_options(app::settings(), "toy");
        CHECK(contains(fish, " -l camera -x -a 'toy' -d "));
        CHECK(contains(fish, " -l tls-key -r -F -d 'Its private key, PEM'\n"));
        CHECK(contains(fish, " -l public -d "));
    }

    TEST_CASE("know the commands for users, their words and their options") {
        const auto commands = app::access_commands();
        CHECK(contains(manual::bash_verbs(commands), "[user]='add list remove password grant'\n"));
        CHECK(contains(manual::bash_verbs(commands), "[link]=''\n"));
        CHECK(contains(manual::bash_command_options(commands),
                       "['key rotate']='--users --drop-old --help'\n"));
        CHECK(contains(manual::zsh_verbs(commands),
                       "'remove:Ends the user'\\''s sessions and streams, too'\n"));
        CHECK(contains(manual::zsh_command_options(commands), "    'token revoke')\n"));
        CHECK(contains(manual::fish_commands(commands),
                       "-n '__onlooker_follows token' -a revoke -d "));
        CHECK(
            contains(manual::fish_commands(commands),
                     "-n '__onlooker_command user add' -l scope -x -a 'view push control admin'"));
    }
}
