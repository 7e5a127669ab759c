#include "endpoints/part_format.hpp"

namespace onlooker::endpoints {

std::string_view to_string(PartFormat format) noexcept {
    switch (format) {
        case PartFormat::length:
            return "length";
        case PartFormat::ahead:
            return "ahead";
        case PartFormat::padded:
            return "padded";
    }
    return "length";
}

PartFormat choose_format(const http::Request& request) noexcept {
    if (const auto asked = request.query.get("format")) {
        for (const PartFormat format :
             {PartFormat::length, PartFormat::ahead, PartFormat::padded}) {
            if (*asked == to_string(format))
                return format;
        }
    }
    if (const auto asked = request.query.get("advance_headers"))
        return *asked == "1" || *asked == "true" ? PartFormat::ahead : PartFormat::length;
    const std::string_view agent = request.header("User-Agent");
    const std::string_view accept = request.header("Accept");
    if (agent.find("HomeAssistant") != std::string_view::npos)
        return PartFormat::ahead;
    // An <img>, or the stream opened in a tab. fetch() says "*/*" and is read by a script that
    // wants the length.
    if (agent.find("AppleWebKit") != std::string_view::npos &&
        (accept.starts_with("image/") || accept.starts_with("text/html")))
        return PartFormat::ahead;
    return PartFormat::length;
}

}  // namespace onlooker::endpoints
