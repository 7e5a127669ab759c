#include "endpoints/no_picture.hpp"

#include <fmt/format.h>

#include <string>

#include "base/text.hpp"
#include "camera/fault.hpp"

namespace onlooker::endpoints {

http::Response no_picture(const camera::Feed& feed) {
    std::string sentence = fmt::format("Camera {} has no picture yet.", feed.name());
    if (const auto& fault = feed.condition().fault)
        sentence = fmt::format("Camera {}: {}: {}.", feed.name(), to_string(fault->kind),
                               escaped(fault->words, camera::longest_fault));
    return http::Response::unavailable(sentence);
}

}  // namespace onlooker::endpoints
