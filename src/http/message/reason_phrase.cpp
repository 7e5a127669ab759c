#include "http/message/reason_phrase.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace onlooker::http {

// Of what is answered here: RFC 9110, section 15; 429 and 431 are RFC 6585, 508 is RFC 5842.
std::string_view reason_phrase(int status) noexcept {
    using Phrase = std::pair<int, std::string_view>;
    static constexpr std::array phrases{
        Phrase{100, "Continue"},
        Phrase{200, "OK"},
        Phrase{204, "No Content"},
        Phrase{303, "See Other"},
        Phrase{304, "Not Modified"},
        Phrase{308, "Permanent Redirect"},
        Phrase{400, "Bad Request"},
        Phrase{401, "Unauthorized"},
        Phrase{403, "Forbidden"},
        Phrase{404, "Not Found"},
        Phrase{405, "Method Not Allowed"},
        Phrase{408, "Request Timeout"},
        Phrase{409, "Conflict"},
        Phrase{413, "Content Too Large"},
        Phrase{414, "URI Too Long"},
        Phrase{415, "Unsupported Media Type"},
        Phrase{421, "Misdirected Request"},
        Phrase{422, "Unprocessable Content"},
        Phrase{429, "Too Many Requests"},
        Phrase{431, "Request Header Fields Too Large"},
        Phrase{500, "Internal Server Error"},
        Phrase{501, "Not Implemented"},
        Phrase{503, "Service Unavailable"},
        Phrase{505, "HTTP Version Not Supported"},
        Phrase{508, "Loop Detected"},
    };
    const auto found = std::ranges::find(phrases, status, &Phrase::first);
    return found != phrases.end() ? found->second : "Unknown";
}

}  // namespace onlooker::http
