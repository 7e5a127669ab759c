// A request as the parser hands it over: framed, within the limits, its target split and decoded.
#pragma once

#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace onlooker::http {

class Conversation;
class Pass;

// `other` is a method that is well-formed and that nothing here answers: 501.
enum class Method : std::uint8_t { get, head, options, post, patch, other };

std::string_view to_string(Method method) noexcept;
Method method_named(std::string_view name) noexcept;

// Query parameters in the order they came; names and values percent-decoded, '+' is a space. A bare
// name without '=' has an empty value. Of a repeated name, whatever its case, the first counts.
// Parameters end at '&', as forms write them, and at ';' and '?', as front ends do.
class Query {
  public:
    static Query parse(std::string_view text);

    std::optional<std::string_view> get(std::string_view name) const noexcept;
    bool has(std::string_view name) const noexcept { return get(name).has_value(); }
    // With "yard.": what stands behind that in the names that begin so, and then the others. Since
    // of a name that is repeated the first counts, those that begin so do.
    Query with_first(std::string_view prefix) const;

  private:
    std::vector<std::pair<std::string, std::string>> items_;
};

struct Header {
    std::string name;
    std::string value;
};

struct Request {
    Method method = Method::get;
    std::string target;  // as it came, for the log; pass it through escaped()
    std::string path;    // without query, percent-decoded once; begins with '/', or is "*"
    Query query;
    std::vector<Header> headers;
    std::string body;
    int version_minor = 1;  // HTTP/1.0 or HTTP/1.1
    bool keep_alive = true;
    bool secure = false;  // it came over TLS
    asio::ip::tcp::endpoint remote;
    Conversation* conversation = nullptr;  // on which it came (conversation.hpp)
    std::shared_ptr<Pass> pass{};          // as whom it was let in (gate.hpp); null: as everybody
    // The way from the address that was asked for to the one below which ours lie, behind whatever
    // a proxy has put in front: "./", or "../../" for /cameras/bed/stream.
    std::string root = "./";
    std::string prefix{};  // what a trusted proxy has taken away from the path, as "/webcam"

    // The values of all headers of that name in their order, case ignored. A view of this request,
    // and of `name`.
    auto all(std::string_view name) const {
        return headers | std::views::filter([name](const Header& header) {
                   return equal_ignoring_case(header.name, name);
               }) |
               std::views::transform(&Header::value);
    }

    // The first of them; empty if there is none.
    std::string_view header(std::string_view name) const noexcept;
};

}  // namespace onlooker::http
