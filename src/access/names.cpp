#include "access/names.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace onlooker::access {

bool is_user_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_user_name && name.front() != '#' &&
           name.find_first_of(" \t:,") == std::string_view::npos &&
           readable(name, longest_user_name) == name;
}

bool is_word(std::string_view word) noexcept {
    return !word.empty() && word.size() <= longest_word && std::ranges::all_of(word, [](char c) {
        return is_alphanumeric(c) || c == '_' || c == '.' || c == '-';
    });
}

}  // namespace onlooker::access
