#include "http/message/response.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/limited_log.hpp"
#include "base/text.hpp"
#include "http/message/http_date.hpp"
#include "http/message/reason_phrase.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::http {

namespace {

// Given unless the answer brings its own.
constexpr std::pair<std::string_view, std::string_view> defaults[] = {
    {"Server", "onlooker"},
    {"X-Content-Type-Options", "nosniff"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
};

constexpr std::string_view page_policy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; ";

bool has(const Response& response, std::string_view name) noexcept {
    return std::ranges::any_of(response.headers, [&](const Header& header) {
        return equal_ignoring_case(header.name, name);
    });
}

// How the body is delimited is said by the connection alone.
bool is_framing(std::string_view name) noexcept {
    return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Connection") ||
           equal_ignoring_case(name, "Transfer-Encoding") ||
           equal_ignoring_case(name, "Keep-Alive");
}

bool is_safe(const Header& header) noexcept {
    return !header.name.empty() && std::ranges::all_of(header.name, is_token_char) &&
           header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

void add(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

void add_own_headers(std::string& head, const Response& response) {
    thread_local LimitedLog left_out;
    for (const Header& header : response.headers) {
        if (!is_safe(header) || is_framing(header.name))
            left_out.write(spdlog::level::err,
                           "header \"{}: {}\" left out of an answer: it would break its framing",
                           escaped(header.name, 60), escaped(header.value, 60));
        else
            add(head, header.name, header.value);
    }
}

std::optional<std::size_t> length_of(const Body& body) noexcept {
    if (const auto* text = std::get_if<std::string>(&body))
        return text->size();
    if (const auto* shared = std::get_if<SharedBytes>(&body))
        return shared->data.size();
    return std::nullopt;
}

void add_length(std::string& head, const Response& response, const HeadOptions& options) {
    if (response.status < 200 || response.status == 204 || response.status == 304)
        return;
    if (const auto length = length_of(response.body))
        add(head, "Content-Length", std::to_string(*length));
    else if (is_chunked(response, options.version_minor))
        add(head, "Transfer-Encoding", "chunked");
}

bool is_page(const Response& response) {
    return std::ranges::any_of(response.headers, [](const Header& header) {
        return equal_ignoring_case(header.name, "Content-Type") &&
               equal_ignoring_case(std::string_view(header.value).substr(0, 9), "text/html");
    });
}

// What a page may load, and which origins may show an answer in a frame. X-Frame-Options cannot
// name an origin; where both are given, browsers heed frame-ancestors
// (https://www.w3.org/TR/CSP3/#frame-ancestors-and-frame-options).
void add_policies(std::string& head, const Response& response) {
    const bool framed = !response.frame_ancestors.empty();
    const bool page = is_page(response);
    if (!framed && !has(response, "X-Frame-Options"))
        add(head, "X-Frame-Options", "DENY");
    if ((framed || page) && !has(response, "Content-Security-Policy"))
        add(head, "Content-Security-Policy",
            std::string(page ? page_policy : "") + "frame-ancestors " +
                (framed ? response.frame_ancestors : "'none'"));
}

// A page's forms say where they are from by Origin, which is "null" with no-referrer
// (https://fetch.spec.whatwg.org/#append-a-request-origin-header), and over plain HTTP in a local
// network nothing else tells. With same-origin other hosts still learn nothing.
void add_defaults(std::string& head, const Response& response) {
    thread_local HttpDate date(
        [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); });
    if (!has(response, "Date"))
        add(head, "Date", date.text());
    for (const auto& [name, value] : defaults) {
        if (!has(response, name))
            add(head, name, value);
    }
    if (!has(response, "Referrer-Policy"))
        add(head, "Referrer-Policy", is_page(response) ? "same-origin" : "no-referrer");
    add_policies(head, response);
}

}  // namespace

void Response::replace(std::string_view name, std::string value) {
    std::erase_if(headers,
                  [&](const Header& header) { return equal_ignoring_case(header.name, name); });
    headers.push_back({std::string(name), std::move(value)});
}

void Response::add_to_list(std::string_view name, std::string_view element) {
    const auto field = std::ranges::find_if(
        headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); });
    if (field == headers.end()) {
        headers.push_back({std::string(name), std::string(element)});
        return;
    }
    for (std::string_view rest = field->value; !rest.empty();) {
        if (equal_ignoring_case(next_element(rest), element))
            return;
    }
    field->value.append(field->value.empty() ? "" : ", ").append(element);
}

Response Response::text(int status, std::string body) {
    Response response;
    response.status = status;
    response.with("Content-Type", "text/plain; charset=utf-8");
    response.body = std::move(body) + '\n';
    return response;
}

Response Response::json(std::string body) {
    Response response;
    response.with("Content-Type", "application/json").with("Cache-Control", "no-store");
    response.body = std::move(body);
    return response;
}

Response Response::error(int status, std::string_view sentence) {
    std::string words = std::to_string(status) + ' ';
    words.append(reason_phrase(status)).append("\n").append(sentence);
    return text(status, std::move(words)).with("Cache-Control", "no-store");
}

Response Response::unavailable(std::string_view sentence, std::chrono::seconds retry_after) {
    return error(503, sentence).with("Retry-After", std::to_string(retry_after.count()));
}

bool is_chunked(const Response& response, int version_minor) noexcept {
    return !length_of(response.body) && response.framing == Framing::chunked && version_minor > 0;
}

std::string write_head(const Response& response, const HeadOptions& options) {
    const bool old = !length_of(response.body) && response.framing == Framing::until_close;
    std::string head;
    head.reserve(768);
    head.append(old ? "HTTP/1.0 " : "HTTP/1.1 ").append(std::to_string(response.status));
    head.append(" ").append(reason_phrase(response.status)).append("\r\n");
    if (old || !options.keep_alive)
        add(head, "Connection", "close");
    else if (options.version_minor == 0)
        add(head, "Connection", "keep-alive");
    add_own_headers(head, response);
    add_length(head, response, options);
    add_defaults(head, response);
    head += "\r\n";
    return head;
}

}  // namespace onlooker::http
