#include "relay/input_window.hpp"

#include <algorithm>

namespace onlooker::drivers {

void InputWindow::add(std::span<const std::byte> octets) {
    used_ = 0;
    if (kept_.empty()) {
        view_ = octets;
        return;
    }
    // Not insert(), in which g++ 14 sees an overflow that is not there (-Wstringop-overflow).
    const std::size_t before = kept_.size();
    kept_.resize(before + octets.size());
    std::ranges::copy(octets, kept_.begin() + static_cast<std::ptrdiff_t>(before));
    view_ = kept_;
}

void InputWindow::keep() {
    if (view_.empty())
        kept_.clear();
    else if (kept_.empty())
        kept_.assign(view_.begin(), view_.end());
    else
        kept_.erase(kept_.begin(), kept_.end() - static_cast<std::ptrdiff_t>(view_.size()));
    view_ = {};
}

void InputWindow::use(std::size_t count) noexcept {
    view_ = view_.subspan(count);
    used_ += count;
}

void InputWindow::step_back(std::byte last) {
    if (used_ > 0) {
        --used_;
        view_ = {view_.data() - 1, view_.size() + 1};
        return;
    }
    // It came with the add() before. Not push_back(), for which g++ 14 has a false alarm, too.
    std::vector<std::byte> again(view_.size() + 1);
    again.front() = last;
    std::ranges::copy(view_, again.begin() + 1);
    kept_.swap(again);
    view_ = kept_;
}

}  // namespace onlooker::drivers
