#include "http/message/request_parser.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "http/message/request_target.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::http {

namespace {

constexpr int most_empty_lines = 4;              // before a request (RFC 9112, section 2.2)
constexpr std::size_t longest_method = 32;       // as far as it is kept
constexpr std::size_t longest_chunk_line = 256;  // extensions are read and ignored

// CONNECT has a target of its own form, which only llhttp's CONNECT accepts.
std::string_view method_for_llhttp(Method method, std::string_view name) noexcept {
    if (name == "CONNECT")
        return name;
    return method == Method::other ? "POST" : to_string(method);
}

}  // namespace

RequestParser::RequestParser(const RequestLimits& limits) : limits_(limits), llhttp_(*this) {}

void RequestParser::begin() {
    llhttp_.restart();
    request_ = Request{};
    method_.clear();
    line_.begin_line();
    field_octets_ = field_count_ = 0;
    remaining_ = 0;
    empty_lines_ = 0;
    status_ = Status::incomplete;
    stage_ = Stage::before;
    chunked_ = message_complete_ = expects_continue_ = false;
}

void RequestParser::fail(int status, std::string_view sentence) noexcept {
    if (status_ == Status::failed)
        return;
    status_ = Status::failed;
    error_status_ = status;
    error_sentence_ = sentence;
}

RequestParser::Status RequestParser::feed(std::string_view& data) {
    while (status_ == Status::incomplete && !data.empty()) {
        switch (stage_) {
            case Stage::before:
                feed_before(data);
                break;
            case Stage::method:
                feed_method(data);
                break;
            case Stage::line:
                feed_request_line(data);
                break;
            case Stage::body:
            case Stage::chunk_data:
                feed_octets(data);
                break;
            case Stage::fields:
            case Stage::chunk_size:
            case Stage::chunk_end:
            case Stage::trailers:
                feed_line(data);
                break;
        }
    }
    return status_;
}

Request RequestParser::take() {
    Request taken = std::move(request_);
    begin();
    return taken;
}

bool RequestParser::take_expects_continue() noexcept {
    return std::exchange(expects_continue_, false);
}

void RequestParser::feed_before(std::string_view& data) {
    const char c = data.front();
    if (c != '\r' && c != '\n' && !line_.is_ending()) {
        stage_ = Stage::method;
        return;
    }
    if (!line_.take(c).empty() || (c == '\n' && ++empty_lines_ > most_empty_lines))
        return fail(400, "A request must begin with a method.");
    data.remove_prefix(1);
}

void RequestParser::feed_method(std::string_view& data) {
    const char c = data.front();
    if (c == ' ' && line_.octets() > 0)
        stage_ = Stage::line;
    else if (!is_token_char(c))
        return fail(400, "A request must begin with a method and one space.");
    else if (method_.size() < longest_method)
        method_ += c;
    data.remove_prefix(1);
    if (accept_in_line(c) && stage_ == Stage::line)
        request_.method = method_named(method_);
}

// The line is kept whole, so that what is said about it does not depend on how it was cut into
// packets.
void RequestParser::feed_request_line(std::string_view& data) {
    while (status_ == Status::incomplete && stage_ == Stage::line && !data.empty()) {
        const char c = data.front();
        if (!accept_in_line(c))
            return;
        data.remove_prefix(1);
        if (c == '\n')
            end_request_line();
        else if (c != '\r')
            request_.target += c;
    }
}

void RequestParser::feed_line(std::string_view& data) {
    std::size_t size = 0;
    bool ended = false;
    while (size < data.size() && !ended) {
        const char c = data[size];
        if (!accept_in_line(c))
            return;
        ended = c == '\n';
        ++size;
    }
    execute(data.substr(0, size));
    data.remove_prefix(size);
    if (ended && status_ == Status::incomplete)
        end_line();
}

void RequestParser::feed_octets(std::string_view& data) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, data.size()));
    // Before execute(), which may complete the message.
    remaining_ -= size;
    execute(data.substr(0, size));
    data.remove_prefix(size);
    if (remaining_ > 0 || status_ == Status::failed)
        return;
    if (stage_ == Stage::chunk_data)
        stage_ = Stage::chunk_end;
    else if (message_complete_)
        status_ = Status::complete;
}

// False, and failed, if `c` must not stand here.
bool RequestParser::accept_in_line(char c) {
    if (const std::string_view sentence = line_.take(c); !sentence.empty())
        fail(400, sentence);
    else if (stage_ == Stage::chunk_end && c != '\r' && c != '\n')
        fail(400, "A chunk is longer than its size says.");
    return status_ == Status::incomplete && within_limits(c);
}

bool RequestParser::within_limits(char c) {
    const std::size_t octets = line_.octets();
    if ((stage_ == Stage::method || stage_ == Stage::line) && octets > limits_.request_line)
        fail(414, "The request line is too long.");
    if (stage_ == Stage::chunk_size && octets > longest_chunk_line)
        fail(400, "The size line of a chunk is too long.");
    const bool ends_section = octets == 0 && (c == '\r' || c == '\n');
    if ((stage_ == Stage::fields || stage_ == Stage::trailers) && !ends_section &&
        ++field_octets_ > limits_.fields)
        fail(431, "The header fields are too long.");
    return status_ == Status::incomplete;
}

// request-line = method SP request-target SP HTTP-version (RFC 9112, section 3).
void RequestParser::end_request_line() {
    const auto space = std::min(request_.target.find(' '), request_.target.size());
    const std::string version = request_.target.substr(std::min(space + 1, request_.target.size()));
    request_.target.resize(space);
    if (!is_http_version(version) || space == 0)
        return fail(400, "The request line must be a method, a target and HTTP/1.1.");
    if (version[5] != '1')
        return fail(505, "This server speaks HTTP/1.1 and HTTP/1.0.");
    // A higher minor version is answered as the highest that is known (RFC 9110, section 2.5).
    request_.version_minor = version[7] == '0' ? 0 : 1;

    std::string line(method_for_llhttp(request_.method, method_));
    line.reserve(line.size() + request_.target.size() + 12);
    line += ' ';
    line += request_.target;
    line += request_.version_minor == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    line_.begin_line();
    stage_ = Stage::fields;
    execute(line);
}

void RequestParser::end_line() {
    const bool empty = line_.octets() == 0;
    line_.begin_line();
    if (stage_ == Stage::chunk_size)
        return end_chunk_size();
    if (stage_ == Stage::chunk_end) {
        stage_ = Stage::chunk_size;
        return;
    }
    if (!empty)
        return;
    if (message_complete_)
        status_ = Status::complete;
    else if (stage_ == Stage::fields)
        stage_ = chunked_ ? Stage::chunk_size : Stage::body;
}

void RequestParser::end_chunk_size() {
    if (remaining_ > limits_.body - request_.body.size())
        return fail(413, "The body of the request is too long.");
    stage_ = remaining_ == 0 ? Stage::trailers : Stage::chunk_data;
}

void RequestParser::execute(std::string_view text) {
    if (const std::string_view sentence = llhttp_.execute(text); !sentence.empty())
        fail(400, sentence);
}

// Trailers are counted and forgotten: nothing that they could say is wanted here.
bool RequestParser::on_field_begin() {
    if (++field_count_ > limits_.field_count) {
        fail(431, "The request has too many header fields.");
        return false;
    }
    if (stage_ != Stage::trailers)
        request_.headers.emplace_back();
    return true;
}

bool RequestParser::on_field_name(std::string_view piece) {
    if (stage_ != Stage::trailers)
        request_.headers.back().name += piece;
    return true;
}

bool RequestParser::on_field_value(std::string_view piece) {
    if (stage_ != Stage::trailers && !request_.headers.empty())
        request_.headers.back().value += piece;
    return true;
}

bool RequestParser::on_head_end() {
    llhttp_.refuse_upgrade();
    for (Header& header : request_.headers)
        header.value.resize(trimmed(header.value).size());  // llhttp has skipped what is in front
    const auto verdict = judge_head(request_, limits_.body);
    if (const auto* refusal = std::get_if<Refusal>(&verdict))
        fail(refusal->status, refusal->sentence);
    else
        accept_head(std::get<BodyFraming>(verdict));
    return status_ != Status::failed;
}

void RequestParser::accept_head(const BodyFraming& framing) {
    chunked_ = framing.chunked;
    remaining_ = framing.octets;
    request_.keep_alive = llhttp_.should_keep_alive();
    if (method_ == "CONNECT") {
        // A proxy's method, with a target of its own form; 501 follows.
        request_.keep_alive = false;
        request_.path = "/";
        return;
    }
    if (const auto sentence = split_target(request_))
        return fail(400, *sentence);
    expects_continue_ = request_.version_minor > 0 &&
                        equal_ignoring_case(request_.header("Expect"), "100-continue");
}

bool RequestParser::on_chunk_size(std::uint64_t octets) {
    remaining_ = octets;
    return true;
}

bool RequestParser::on_body(std::string_view piece) {
    request_.body += piece;
    return true;
}

bool RequestParser::on_message_end() {
    message_complete_ = true;
    return true;
}

}  // namespace onlooker::http
