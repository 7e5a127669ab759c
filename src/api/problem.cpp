#include "api/problem.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "endpoints/camera_json.hpp"
#include "http/message/reason_phrase.hpp"

namespace onlooker::api {

namespace {

using nlohmann::json;

constexpr std::string_view content_type = "application/problem+json";

// Behind the prefix of a proxy, too.
bool is_of_this_interface(std::string_view path) {
    return path.find("/api/v1/") != std::string_view::npos || path.ends_with("/api/v1");
}

json words(int status, std::string_view detail) {
    return {{"type", "about:blank"},
            {"title", http::reason_phrase(status)},
            {"status", status},
            {"detail", detail}};
}

bool is_plain_text(const http::Response& response) {
    for (const http::Header& header : response.headers)
        if (equal_ignoring_case(header.name, "Content-Type"))
            return header.value.starts_with("text/plain");
    return false;
}

}  // namespace

http::Response problem(int status, std::string_view detail) {
    return problem(status, detail, json::object());
}

http::Response problem(int status, std::string_view detail, json more) {
    more.update(words(status, detail));
    http::Response response = endpoints::json_response(more);
    response.status = status;
    response.replace("Content-Type", std::string(content_type));
    return response;
}

// The text is the status line and a sentence (Response::error).
void word_as_problem(const http::Request& request, http::Response& response) {
    auto* const text = std::get_if<std::string>(&response.body);
    if (text == nullptr || !is_of_this_interface(request.path) || !is_plain_text(response))
        return;
    const std::string_view whole = *text;
    const std::string_view sentence =
        trimmed(whole.substr(std::min(whole.find('\n'), whole.size())), "\n");
    response.replace("Content-Type", std::string(content_type));
    *text = endpoints::text_of(words(response.status, sentence));
}

}  // namespace onlooker::api
