#include "http/message/request.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include "http/message/percent.hpp"

namespace onlooker::http {

namespace {

// More than any client sends; what follows is ignored, so that a line of '&' costs no memory.
constexpr std::size_t most_parameters = 128;

// '?' and ';' as well as '&': front ends append "?nonce=1" to an address that has a query already,
// and write "&amp;".
constexpr std::string_view separators = "&;?";

// Takes what stands before the first of `ends` off `text`, and that with it.
std::string_view take_until(std::string_view& text, std::string_view ends) noexcept {
    const std::size_t end = std::min(text.find_first_of(ends), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

}  // namespace

std::string_view to_string(Method method) noexcept {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::options:
            return "OPTIONS";
        case Method::post:
            return "POST";
        case Method::patch:
            return "PATCH";
        case Method::other:
            break;
    }
    return "other";
}

Method method_named(std::string_view name) noexcept {
    for (const Method method :
         {Method::get, Method::head, Method::options, Method::post, Method::patch}) {
        if (name == to_string(method))
            return method;
    }
    return Method::other;
}

Query Query::parse(std::string_view text) {
    Query query;
    while (!text.empty() && query.items_.size() < most_parameters) {
        std::string_view value = take_until(text, separators);
        if (value.empty())
            continue;
        const std::string_view name = take_until(value, "=");
        query.items_.emplace_back(trimmed(form_decoded(name)), form_decoded(value));
    }
    return query;
}

Query Query::with_first(std::string_view prefix) const {
    Query query;
    for (const auto& [name, value] : items_)
        if (name.starts_with(prefix))
            query.items_.emplace_back(name.substr(prefix.size()), value);
    for (const auto& item : items_)
        if (!item.first.starts_with(prefix))
            query.items_.push_back(item);
    return query;
}

std::optional<std::string_view> Query::get(std::string_view name) const noexcept {
    for (const auto& [key, value] : items_) {
        if (equal_ignoring_case(key, name))
            return value;
    }
    return std::nullopt;
}

std::string_view Request::header(std::string_view name) const noexcept {
    auto values = all(name);
    return values.empty() ? std::string_view() : std::string_view(values.front());
}

}  // namespace onlooker::http
