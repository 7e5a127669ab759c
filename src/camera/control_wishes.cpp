#include "camera/control_wishes.hpp"

#include <algorithm>

namespace onlooker::camera {

namespace {

bool fits(const ControlChange& change, const std::vector<Control>& controls) {
    if (controls.empty())
        return true;
    const auto control = std::ranges::find(controls, change.id, &Control::id);
    return control != controls.end() && !control->read_only &&
           control->type != Control::Type::button;
}

}  // namespace

void ControlWishes::fit(const std::vector<Control>& controls) {
    std::erase_if(wishes_, [&](const ControlChange& wish) { return !fits(wish, controls); });
}

bool ControlWishes::keep(const ControlChange& change, const std::vector<Control>& controls) {
    if (!fits(change, controls))
        return false;
    const auto old = std::ranges::find(wishes_, change.id, &ControlChange::id);
    if (old == wishes_.end())
        wishes_.push_back(change);
    else
        old->value = change.value;
    return true;
}

void ControlWishes::forget(const std::string& id) {
    std::erase_if(wishes_, [&](const ControlChange& wish) { return wish.id == id; });
}

}  // namespace onlooker::camera
