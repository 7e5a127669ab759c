#include "camera/repeated_warning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/logging.hpp"
#include "base/text.hpp"
#include "camera/fault.hpp"

namespace onlooker::camera {

std::optional<std::uint64_t> RepeatedWarning::admit(std::string_view words, SteadyTime now) {
    const auto before = std::ranges::find(told_, words, &Told::words);
    const bool is_news = before == told_.end() || now - before->at >= remind_after;
    if (!is_news || !limit_.admit(now)) {
        ++left_out_;
        return std::nullopt;
    }
    if (before != told_.end())
        told_.erase(before);
    else if (told_.size() >= most_remembered)
        told_.pop_front();
    told_.push_back({std::string(words), now});
    return std::exchange(left_out_, 0);
}

void RepeatedWarning::write(std::string_view camera, std::string_view words, SteadyTime now) {
    if (const auto left_out = admit(words, now))
        logging::warn(
            "camera {}: {}{}", camera, escaped(words, longest_fault),
            *left_out > 0 ? fmt::format(" (and {} more lines, left out)", *left_out) : "");
}

}  // namespace onlooker::camera
