// What a name that does not exist was most likely meant to be. Pure; any thread.
#pragma once

#include <span>
#include <string_view>

namespace onlooker {

// Of `names`, the one that differs least from `wanted`; empty when none is near.
std::string_view nearest_name(std::string_view wanted, std::span<const std::string_view> names);

}  // namespace onlooker
