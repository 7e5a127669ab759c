// What a name that does not exist was most likely meant to be. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace onlooker {

// How many letters must be put in, taken out or replaced (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

// Of `names`, the one that differs least from `wanted`; empty when none is near.
std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names);

}  // namespace onlooker
