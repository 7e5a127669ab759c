#include "http/request_parser.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "http/request_target.hpp"
#include "http/syntax.hpp"

namespace onlooker::http {

namespace {

constexpr int most_empty_lines = 4;              // before a request (RFC 9112, section 2.2)
constexpr std::size_t longest_method = 32;       // as far as it is kept
constexpr std::size_t longest_chunk_line = 256;  // extensions are read and ignored

Method method_named(std::string_view name) noexcept {
    for (const Method method : {Method::get, Method::head, Method::options, Method::post}) {
        if (name == to_string(method))
            return method;
    }
    return Method::other;
}

// CONNECT has a target of its own form, which only llhttp's CONNECT accepts.
std::string_view method_for_llhttp(Method method, std::string_view name) noexcept {
    if (name == "CONNECT")
        return name;
    return method == Method::other ? "POST" : to_string(method);
}

bool is_control(char c) noexcept {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

// "HTTP/" DIGIT "." DIGIT
bool is_version(std::string_view text) noexcept {
    return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
           is_digit(text[7]);
}

}  // namespace

// What llhttp calls. It is C: an exception waits in exception_ until llhttp has returned.
struct RequestParser::Callbacks {
    template <typename Action>
    static int guarded(llhttp_t* llhttp, Action action) noexcept {
        auto& self = *static_cast<RequestParser*>(llhttp->data);
        try {
            action(self);
        } catch (...) {
            self.exception_ = std::current_exception();
            return -1;
        }
        return self.status_ == Status::failed ? -1 : 0;
    }

    static int field(llhttp_t* llhttp, const char* text, std::size_t size) noexcept {
        return guarded(llhttp, [&](RequestParser& self) {
            if (std::exchange(self.name_ended_, false)) {
                if (++self.field_count_ > self.limits_.field_count)
                    return self.fail(431, "The request has too many header fields.");
                if (self.stage_ != Stage::trailers)
                    self.request_.headers.emplace_back();
            }
            if (self.stage_ != Stage::trailers)
                self.request_.headers.back().name.append(text, size);
        });
    }

    static int field_end(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [](RequestParser& self) { self.name_ended_ = true; });
    }

    static int value(llhttp_t* llhttp, const char* text, std::size_t size) noexcept {
        return guarded(llhttp, [&](RequestParser& self) {
            if (self.stage_ != Stage::trailers && !self.request_.headers.empty())
                self.request_.headers.back().value.append(text, size);
        });
    }

    static int headers_complete(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [](RequestParser& self) { self.headers_complete(); });
    }

    static int body(llhttp_t* llhttp, const char* text, std::size_t size) noexcept {
        return guarded(llhttp, [&](RequestParser& self) { self.request_.body.append(text, size); });
    }

    static int chunk_header(llhttp_t* llhttp) noexcept {
        return guarded(llhttp,
                       [&](RequestParser& self) { self.remaining_ = llhttp->content_length; });
    }

    static int message_complete(llhttp_t* llhttp) noexcept {
        return guarded(llhttp, [](RequestParser& self) { self.message_complete_ = true; });
    }

    static const llhttp_settings_t* settings() noexcept {
        static const llhttp_settings_t table = [] {
            llhttp_settings_t made;
            llhttp_settings_init(&made);
            made.on_header_field = field;
            made.on_header_field_complete = field_end;
            made.on_header_value = value;
            made.on_headers_complete = headers_complete;
            made.on_body = body;
            made.on_chunk_header = chunk_header;
            made.on_message_complete = message_complete;
            return made;
        }();
        return &table;
    }
};

RequestParser::RequestParser(const RequestLimits& limits) : limits_(limits) {
    begin();
}

void RequestParser::begin() {
    llhttp_init(&llhttp_, HTTP_REQUEST, Callbacks::settings());
    llhttp_.data = this;
    request_ = Request{};
    method_.clear();
    line_octets_ = field_octets_ = field_count_ = 0;
    remaining_ = 0;
    empty_lines_ = 0;
    previous_ = 0;
    status_ = Status::incomplete;
    stage_ = Stage::before;
    name_ended_ = true;
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
    if (c != '\r' && c != '\n' && previous_ != '\r') {
        stage_ = Stage::method;
        return;
    }
    if ((c == '\n') != (previous_ == '\r') || (c == '\n' && ++empty_lines_ > most_empty_lines))
        return fail(400, "A request must begin with a method.");
    previous_ = c;
    data.remove_prefix(1);
}

void RequestParser::feed_method(std::string_view& data) {
    const char c = data.front();
    if (c == ' ' && line_octets_ > 0) {
        request_.method = method_named(method_);
        stage_ = Stage::line;
        previous_ = 0;
    } else if (!is_token_char(c)) {
        return fail(400, "A request must begin with a method and one space.");
    } else if (method_.size() < longest_method) {
        method_ += c;
    }
    data.remove_prefix(1);
    if (++line_octets_ > limits_.request_line)
        fail(414, "The request line is too long.");
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

// The line discipline. False, and failed, if `c` must not stand here.
bool RequestParser::accept_in_line(char c) {
    const char previous = std::exchange(previous_, c);
    if ((c == '\n') != (previous == '\r'))
        fail(400, "A line must end with CR LF, and neither may stand alone.");
    else if (c != '\r' && c != '\n' && is_control(c))
        fail(400, "The request holds a control character.");
    else if (line_octets_ == 0 && (c == ' ' || c == '\t'))
        fail(400, "A header line must not begin with white space.");
    else if (line_octets_ == 0 && c == ':')
        fail(400, "A header field has no name.");
    else if (stage_ == Stage::chunk_end && c != '\r' && c != '\n')
        fail(400, "A chunk is longer than its size says.");
    if (c != '\r' && c != '\n')
        ++line_octets_;
    return status_ == Status::incomplete && within_limits(c);
}

bool RequestParser::within_limits(char c) {
    if (stage_ == Stage::line && line_octets_ > limits_.request_line)
        fail(414, "The request line is too long.");
    if ((stage_ == Stage::chunk_size) && line_octets_ > longest_chunk_line)
        fail(400, "The size line of a chunk is too long.");
    const bool ends_section = line_octets_ == 0 && (c == '\r' || c == '\n');
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
    if (!is_version(version) || space == 0)
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
    line_octets_ = 0;
    previous_ = 0;
    stage_ = Stage::fields;
    execute(line);
}

void RequestParser::end_line() {
    const bool empty = std::exchange(line_octets_, 0) == 0;
    previous_ = 0;
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
    const llhttp_errno_t error = llhttp_execute(&llhttp_, text.data(), text.size());
    if (exception_)
        std::rethrow_exception(std::exchange(exception_, nullptr));
    if (error == HPE_OK || error == HPE_PAUSED_UPGRADE || status_ == Status::failed)
        return;
    switch (error) {
        case HPE_INVALID_URL:
            return fail(400, "The request target is not a valid URL.");
        case HPE_INVALID_HEADER_TOKEN:
            return fail(400, "A header field holds a character that must not stand there.");
        case HPE_INVALID_CONTENT_LENGTH:
        case HPE_UNEXPECTED_CONTENT_LENGTH:
            return fail(400, "Content-Length is not one plain number, or not alone.");
        case HPE_INVALID_TRANSFER_ENCODING:
            return fail(400, "Transfer-Encoding is not valid.");
        case HPE_INVALID_CHUNK_SIZE:
            return fail(400, "The size of a chunk is not valid.");
        default:
            return fail(400, "The request is not valid HTTP.");
    }
}

// All that the header section alone can show to be wrong is found here, before routing and method.
void RequestParser::headers_complete() {
    // A wish to change the protocol (h2c, WebSocket) is ignored; so is what CONNECT asks for.
    llhttp_.upgrade = 0;
    for (Header& header : request_.headers)
        header.value.resize(trimmed(header.value).size());  // llhttp has skipped what is in front
    check_transfer_encoding();
    check_content_length();
    check_host();
    if (status_ == Status::failed)
        return;
    request_.keep_alive = llhttp_should_keep_alive(&llhttp_) != 0;
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

// RFC 9110, section 7.2, and RFC 9112, section 3.2.
void RequestParser::check_host() {
    int hosts = 0;
    for (const Header& header : request_.headers) {
        if (!equal_ignoring_case(header.name, "Host"))
            continue;
        if (++hosts > 1)
            return fail(400, "The request has more than one Host field.");
        if (!is_valid_host(header.value))
            return fail(400, "The Host field is not valid.");
    }
    if (hosts == 0 && request_.version_minor > 0)
        fail(400, "The request has no Host field.");
}

// RFC 9112, section 6.1 and 7. The one coding known here is "chunked", once and last.
void RequestParser::check_transfer_encoding() {
    bool unknown = false;
    bool present = false;
    for (const Header& header : request_.headers) {
        if (!equal_ignoring_case(header.name, "Transfer-Encoding"))
            continue;
        present = true;
        if (header.value.ends_with(','))
            return fail(400, "Transfer-Encoding is not valid.");
        std::string_view list = header.value;
        do {
            const std::string_view coding = next_element(list);
            const auto name = coding.substr(0, coding.find_first_of("; \t"));
            if (name.empty() || !std::ranges::all_of(name, is_token_char) || chunked_)
                return fail(400, "Transfer-Encoding is not valid.");
            if (equal_ignoring_case(coding, "chunked"))
                chunked_ = true;
            else
                unknown = true;
        } while (!list.empty());
    }
    if (!present)
        return;
    if (request_.version_minor == 0 || !request_.header("Content-Length").empty())
        return fail(400, "Transfer-Encoding must not stand here.");
    if (unknown)
        fail(501, "No transfer coding but chunked is known here.");
}

// RFC 9112, section 6.3: one plain number.
void RequestParser::check_content_length() {
    int lengths = 0;
    for (const Header& header : request_.headers) {
        if (!equal_ignoring_case(header.name, "Content-Length"))
            continue;
        const auto length = parse_number<std::uint64_t>(header.value);
        if (!length || ++lengths > 1 || chunked_)
            return fail(400, "Content-Length is not one plain number, or not alone.");
        if (*length > limits_.body)
            return fail(413, "The body of the request is too long.");
        remaining_ = *length;
    }
}

}  // namespace onlooker::http
