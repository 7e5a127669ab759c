// The request parser, with octets and packet borders that nobody thought of.
//
// The first octet chooses how the rest is cut. Cut in pieces or given whole, the parser must say
// the same: a difference is a request that two readers of it understand differently.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "http/message/request_parser.hpp"

using onlooker::http::Request;
using onlooker::http::RequestParser;

namespace {

struct Outcome {
    int error = 0;
    std::size_t left = 0;
    Request request;
};

Outcome parse(std::string_view text, std::size_t step) {
    RequestParser parser({.request_line = 64, .fields = 256, .field_count = 8, .body = 64});
    auto status = RequestParser::Status::incomplete;
    while (!text.empty() && status == RequestParser::Status::incomplete) {
        std::string_view part = text.substr(0, step);
        const std::size_t given = part.size();
        status = parser.feed(part);
        text.remove_prefix(given - part.size());
    }
    if (status == RequestParser::Status::failed)
        return {parser.error_status(), 0, {}};
    if (status == RequestParser::Status::incomplete)
        return {};
    return {200, text.size(), parser.take()};
}

void expect(bool condition) {
    if (!condition)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Outcome whole = parse(text, text.size() + 1);
    const Outcome pieces = parse(text, data[0] % 16 + 1u);
    // Of two things that are wrong, either may be named.
    expect((whole.error == 200) == (pieces.error == 200));
    expect((whole.error >= 400) == (pieces.error >= 400) && whole.left == pieces.left);
    expect(whole.request.path == pieces.request.path && whole.request.body == pieces.request.body);
    expect(whole.request.headers.size() == pieces.request.headers.size());
    if (whole.error == 200)
        expect(whole.request.path.find('\0') == std::string::npos &&
               whole.request.body.size() <= 64);
    return 0;
}
