#include "base/told_once.hpp"

#include <algorithm>

#include "base/fnv1a.hpp"

namespace onlooker {

bool ToldOnce::is_new(std::string_view subject) noexcept {
    const std::uint64_t hash = fnv1a(subject);
    if (std::ranges::find(seen_, hash) != seen_.end())
        return false;
    seen_[next_] = hash;
    next_ = (next_ + 1) % seen_.size();
    return true;
}

}  // namespace onlooker
