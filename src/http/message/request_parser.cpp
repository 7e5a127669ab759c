#include "http/message/request_parser.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "http/message/head_rules.hpp"
#include "http/message/message_lines.hpp"
#include "http/message/request_target.hpp"
#include "http/message/syntax.hpp"

namespace onlooker::http {

namespace {

constexpr std::size_t longest_method = 64;
constexpr int most_empty_lines = 4;              // before a request (RFC 9112, section 2.2)
constexpr std::size_t longest_chunk_line = 256;  // extensions are read and ignored

}  // namespace

void RequestParser::begin() {
    request_ = Request{};
    text_ = std::string();  // Its memory too: this connection may be idle for long.
    line_.begin_line();
    field_octets_ = field_count_ = 0;
    remaining_ = 0;
    empty_lines_ = 0;
    status_ = Status::incomplete;
    stage_ = Stage::before;
    authority_form_ = expects_continue_ = false;
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
            case Stage::body:
            case Stage::chunk_data:
                feed_octets(data);
                break;
            case Stage::line:
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
    if (!line_.feed(c).empty() || (c == '\n' && ++empty_lines_ > most_empty_lines))
        return fail(400, "A request must begin with a method.");
    data.remove_prefix(1);
}

void RequestParser::feed_method(std::string_view& data) {
    const char c = data.front();
    if (!is_token_char(c) && (c != ' ' || text_.empty()))
        return fail(400, "A request must begin with a method and one space.");
    data.remove_prefix(1);
    if (!accept_in_line(c))
        return;
    if (c != ' ') {
        text_ += c;
        // RFC 9112, section 3: longer than any that is implemented. 414 is for the target.
        if (text_.size() > longest_method)
            fail(501, "This method is not known here.");
        return;
    }
    request_.method = method_named(text_);
    authority_form_ = text_ == "CONNECT";
    text_.clear();
    stage_ = Stage::line;
}

void RequestParser::feed_line(std::string_view& data) {
    std::size_t size = 0;
    bool ended = false;
    while (size < data.size() && !ended && accept_in_line(data[size]))
        ended = data[size++] == '\n';
    std::string& text = stage_ == Stage::line ? request_.target : text_;
    const std::string_view piece = data.substr(0, size);
    text += piece.substr(0, piece.find_first_of("\r\n"));
    data.remove_prefix(size);
    if (ended)
        end_line();
}

void RequestParser::feed_octets(std::string_view& data) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, data.size()));
    request_.body += data.substr(0, size);
    data.remove_prefix(size);
    remaining_ -= size;
    if (remaining_ > 0)
        return;
    if (stage_ == Stage::chunk_data)
        stage_ = Stage::chunk_end;
    else
        status_ = Status::complete;
}

// False, and failed, if `c` must not stand here.
bool RequestParser::accept_in_line(char c) {
    if (const std::string_view sentence = line_.feed(c); !sentence.empty())
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

void RequestParser::end_line() {
    line_.begin_line();
    if (stage_ == Stage::line)
        end_request_line();
    else if (stage_ == Stage::chunk_size)
        end_chunk_size();
    else if (stage_ == Stage::chunk_end)
        stage_ = Stage::chunk_size;
    else if (!text_.empty())
        end_field();
    else if (stage_ == Stage::fields)
        end_head();
    else
        status_ = Status::complete;
    text_.clear();
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
    stage_ = Stage::fields;
}

// Trailers are judged, counted and forgotten: nothing that they could say is wanted here.
void RequestParser::end_field() {
    if (++field_count_ > limits_.field_count)
        return fail(431, "The request has too many header fields.");
    const auto field = read_field_line(text_);
    if (!field)
        return fail(400, "A header field holds a character that must not stand there.");
    if (frames_body(field->name)) {
        if (stage_ == Stage::trailers)
            return fail(400, "What says where the body ends must not come after it.");
        // Legal white space, but some parsers take only spaces there and see another value.
        if (text_.find('\t', text_.find_last_not_of(" \t") + 1) != std::string::npos)
            return fail(400, "A field that says where the body ends must not end with a tab.");
    }
    if (stage_ == Stage::fields)
        request_.headers.push_back({std::string(field->name), std::string(field->value)});
}

void RequestParser::end_head() {
    const auto verdict = judge_head(request_, limits_.body);
    if (const auto* refusal = std::get_if<Refusal>(&verdict))
        return fail(refusal->status, refusal->sentence);
    const auto target_fault = authority_form_ ? split_authority(request_) : split_target(request_);
    if (target_fault)
        return fail(400, *target_fault);
    // CONNECT is a proxy's method. It is answered with 501, and what follows may be anything.
    request_.keep_alive = should_keep_alive(request_) && !authority_form_;
    expects_continue_ = request_.version_minor > 0 && !authority_form_ &&
                        equal_ignoring_case(request_.header("Expect"), "100-continue");

    const auto& framing = std::get<BodyFraming>(verdict);
    remaining_ = framing.octets;
    stage_ = framing.chunked ? Stage::chunk_size : Stage::body;
    if (!framing.chunked && remaining_ == 0)
        status_ = Status::complete;
}

void RequestParser::end_chunk_size() {
    const auto size = read_chunk_size(text_);
    if (!size)
        return fail(400, "The size of a chunk is not valid.");
    if (*size > limits_.body - request_.body.size())
        return fail(413, "The body of the request is too long.");
    remaining_ = *size;
    stage_ = remaining_ == 0 ? Stage::trailers : Stage::chunk_data;
}

}  // namespace onlooker::http
