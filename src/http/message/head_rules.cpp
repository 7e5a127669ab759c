#include "http/message/head_rules.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::http {

namespace {

using Fault = std::optional<Refusal>;

constexpr Refusal bad_coding{400, "Transfer-Encoding is not valid."};

// The codings of one field. RFC 9112, section 7: the one known here is "chunked", once and last.
Fault read_codings(std::string_view list, bool& chunked, bool& unknown) {
    if (list.ends_with(','))
        return bad_coding;
    do {
        const std::string_view coding = next_element(list);
        const auto name = coding.substr(0, coding.find_first_of("; \t"));
        if (name.empty() || !std::ranges::all_of(name, is_token_char) || chunked)
            return bad_coding;
        if (equal_ignoring_case(coding, "chunked"))
            chunked = true;
        else
            unknown = true;
    } while (!list.empty());
    return {};
}

// RFC 9112, section 6.1.
Fault read_transfer_encoding(const Request& request, bool& chunked) {
    bool present = false;
    bool unknown = false;
    for (const std::string& codings : request.all("Transfer-Encoding")) {
        present = true;
        if (const Fault fault = read_codings(codings, chunked, unknown))
            return fault;
    }
    if (!present)
        return {};
    if (request.version_minor == 0 || !request.header("Content-Length").empty())
        return Refusal{400, "Transfer-Encoding must not stand here."};
    if (unknown)
        return Refusal{501, "No transfer coding but chunked is known here."};
    return {};
}

// RFC 9112, section 6.3: one plain number.
Fault read_content_length(const Request& request, std::size_t longest_body, BodyFraming& framing) {
    int lengths = 0;
    for (const std::string& value : request.all("Content-Length")) {
        const auto length = parse_number<std::uint64_t>(value);
        if (!length || ++lengths > 1 || framing.chunked)
            return Refusal{400, "Content-Length is not one plain number, or not alone."};
        if (*length > longest_body)
            return Refusal{413, "The body of the request is too long."};
        framing.octets = *length;
    }
    return {};
}

// RFC 9110, section 7.2, and RFC 9112, section 3.2.
Fault check_host(const Request& request) {
    int hosts = 0;
    for (const std::string& host : request.all("Host")) {
        if (++hosts > 1)
            return Refusal{400, "The request has more than one Host field."};
        if (!is_valid_host(host))
            return Refusal{400, "The Host field is not valid."};
    }
    if (hosts == 0 && request.version_minor > 0)
        return Refusal{400, "The request has no Host field."};
    return {};
}

}  // namespace

std::variant<BodyFraming, Refusal> judge_head(const Request& request, std::size_t longest_body) {
    BodyFraming framing;
    Fault fault = read_transfer_encoding(request, framing.chunked);
    if (!fault)
        fault = read_content_length(request, longest_body, framing);
    if (!fault)
        fault = check_host(request);
    if (fault)
        return *fault;
    return framing;
}

bool frames_body(std::string_view field_name) noexcept {
    return equal_ignoring_case(field_name, "Content-Length") ||
           equal_ignoring_case(field_name, "Transfer-Encoding");
}

bool should_keep_alive(const Request& request) noexcept {
    bool wanted = request.version_minor > 0;
    for (std::string_view options : request.all("Connection")) {
        while (!options.empty()) {
            const std::string_view option = next_element(options);
            if (equal_ignoring_case(option, "close"))
                return false;
            wanted = wanted || equal_ignoring_case(option, "keep-alive");
        }
    }
    return wanted;
}

}  // namespace onlooker::http
