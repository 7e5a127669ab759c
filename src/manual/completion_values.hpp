// What may follow an option, for the completions of all shells. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/access_commands.hpp"
#include "app/settings.hpp"

namespace onlooker::manual {

struct CompletionValue {
    enum class Kind : std::uint8_t {
        none,   // it stands alone
        other,  // something that nobody can guess
        file,
        folder,
        words,   // one of `words`
        driver,  // --help
        camera,  // DRIVER[:SOURCE] and more
        user,    // of this machine
    };
    Kind kind = Kind::none;
    bool is_optional = false;
    std::vector<std::string> words{};
};

CompletionValue completion_value(const app::Setting& setting);
CompletionValue completion_value(const app::AccessCommand::Option& option);

// `user` of "user add"; `add` of it, empty where there is no second word.
std::string family_of(const app::AccessCommand& command);
std::string verb_of(const app::AccessCommand& command);

// Each family once, in order.
std::vector<app::AccessCommand> one_of_each_family(const std::vector<app::AccessCommand>& commands);

}  // namespace onlooker::manual
