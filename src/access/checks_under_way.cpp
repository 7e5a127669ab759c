#include "access/checks_under_way.hpp"

#include <algorithm>

namespace onlooker::access {

std::shared_ptr<ChecksUnderWay::Check> ChecksUnderWay::find(const Digest& login) const {
    const auto found = std::ranges::find_if(
        checks_, [&](const auto& check) { return equal(check->digest, login); });
    return found == checks_.end() ? nullptr : *found;
}

ChecksUnderWay::Turn ChecksUnderWay::begin(const Digest& login) {
    checks_.push_back(std::make_shared<Check>(loop_, login));
    return {checks_.back().get(), [this](Check* check) { end(check); }};
}

void ChecksUnderWay::end(Check* check) {
    const auto found =
        std::ranges::find_if(checks_, [check](const auto& other) { return other.get() == check; });
    check->done.cancel();
    checks_.erase(found);
}

}  // namespace onlooker::access
