#include "relay/http_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "relay/forbidden_address.hpp"
#include "relay/part_head.hpp"
#include "relay/relay_errors.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_head = 16384;
constexpr std::size_t most_heads = 16;  // redirects, requests for a password, interim responses
constexpr long most_redirects = 3;
constexpr long receive_buffer = 131072;  // a few pictures need one system call each, not five
constexpr auto connect_limit = 5s;       // name, connection and TLS handshake

// libcurl counts these itself from 7.84 on; before, only the first call must be alone.
void prepare_library() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

template <typename Value>
void HttpClient::set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
    if (code != CURLE_OK)
        throw camera::CameraError(camera::ErrorKind::failed,
                                  fmt::format("libcurl takes no option {}: {}",
                                              static_cast<int>(option), curl_easy_strerror(code)));
}

HttpClient::HttpClient(const RelaySettings& options, const Credentials& credentials,
                       BodySink feed_body)
    : options_(options), feed_body_(std::move(feed_body)) {
    prepare_library();
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    if (!multi_ || !easy_)
        throw std::bad_alloc();
    set(CURLOPT_URL, options_.url.c_str());
    set(CURLOPT_USERAGENT, "onlooker relay");
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_HEADERFUNCTION, &HttpClient::on_head);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &HttpClient::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_OPENSOCKETFUNCTION, &HttpClient::on_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set_limits();
    set_credentials(credentials);
}

HttpClient::~HttpClient() {
    if (running_)
        curl_multi_remove_handle(multi_.get(), easy_.get());
}

void HttpClient::set_limits() {
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    // What was asked for in safety is not to be had without.
    set(CURLOPT_REDIR_PROTOCOLS_STR, options_.is_https() ? "https" : "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, most_redirects);
    // The addresses that are refused are the server's: a proxy from the environment, which the
    // user of a camera did not think of, would hide them.
    set(CURLOPT_PROXY, "");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(
            std::min<std::chrono::milliseconds>(connect_limit, options_.silence).count()));
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_BUFFERSIZE, receive_buffer);
    set(CURLOPT_NOSIGNAL, 1L);
    // A stop must not wait for a name server: the resolver's thread is left to end by itself.
    set(CURLOPT_QUICK_EXIT, 1L);
    if (!options_.ca_file.empty())
        set(CURLOPT_CAINFO, options_.ca_file.c_str());
}

void HttpClient::set_credentials(const Credentials& credentials) {
    // libcurl sends none of these to another host that a redirect leads to.
    if (!credentials.token.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        set(CURLOPT_XOAUTH2_BEARER, credentials.token.c_str());
    } else if (!credentials.user.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST));
        set(CURLOPT_USERNAME, credentials.user.c_str());
        set(CURLOPT_PASSWORD, credentials.password.c_str());
    }
}

void HttpClient::get(const std::vector<std::string>& fields) {
    fields_.reset();
    for (const std::string& field : fields) {
        curl_slist* longer = curl_slist_append(fields_.get(), field.c_str());
        if (longer == nullptr)
            throw std::bad_alloc();
        static_cast<void>(fields_.release());
        fields_.reset(longer);
    }
    set(CURLOPT_HTTPHEADER, fields_.get());
    head_ = {};
    head_complete_ = false;
    head_count_ = 0;
    forbidden_.clear();
    error_text_[0] = '\0';
    last_heard_ = RunningClock::now();
    curl_multi_add_handle(multi_.get(), easy_.get());
    running_ = true;
}

bool HttpClient::advance(int extra_descriptor, std::chrono::milliseconds limit) {
    curl_waitfd extra{.fd = extra_descriptor, .events = CURL_WAIT_POLLIN, .revents = 0};
    {
        const RunningClock::BoundedWait wait(limit);
        curl_multi_poll(multi_.get(), &extra, 1, static_cast<int>(limit.count()), nullptr);
    }
    extra_was_readable_ = extra.revents != 0;
    int active = 0;
    curl_multi_perform(multi_.get(), &active);
    if (exception_)
        std::rethrow_exception(std::exchange(exception_, nullptr));
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE)
            finish(message->data.result);
    }
    return running_;
}

void HttpClient::finish(CURLcode result) {
    curl_multi_remove_handle(multi_.get(), easy_.get());
    running_ = false;
    if (result != CURLE_OK)
        throw relay_error({.code = result,
                           .status = status(),
                           .shown = options_.shown,
                           .details = error_text_.data(),
                           .forbidden = forbidden_});
}

long HttpClient::status() const noexcept {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

void HttpClient::feed_head_line(std::string_view line) {
    if (line.starts_with("HTTP/")) {
        head_ = {};
        head_size_ = 0;
        head_complete_ = false;
        ++head_count_;
    }
    head_size_ += line.size();
    if (head_size_ > largest_head || head_count_ > most_heads)
        throw camera::CameraError(camera::ErrorKind::failed,
                                  fmt::format("{} answers with an endless head", options_.shown));
    if (line == "\r\n" || line == "\n")
        head_complete_ = true;
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.remove_suffix(1);
    const Field field = split_field(line);
    if (equal_ignoring_case(field.name, "Content-Type"))
        head_.content_type = field.value;
    else if (equal_ignoring_case(field.name, "ETag"))
        head_.etag = field.value;
    else if (equal_ignoring_case(field.name, "Last-Modified"))
        head_.last_modified = field.value;
    else if (equal_ignoring_case(field.name, "X-Timestamp"))
        head_.timestamp = field.value;
}

std::size_t HttpClient::on_head(char* data, std::size_t size, std::size_t count, void* self) {
    auto& client = *static_cast<HttpClient*>(self);
    client.last_heard_ = RunningClock::now();
    try {
        client.feed_head_line({data, size * count});
    } catch (...) {
        client.exception_ = std::current_exception();
        return 0;
    }
    return size * count;
}

std::size_t HttpClient::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& client = *static_cast<HttpClient*>(self);
    client.last_heard_ = RunningClock::now();
    try {
        client.feed_body_(std::as_bytes(std::span(data, size * count)));
    } catch (...) {
        client.exception_ = std::current_exception();
        return 0;
    }
    return size * count;
}

curl_socket_t HttpClient::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& client = *static_cast<HttpClient*>(self);
    try {
        // A name may have several addresses, of which some may do.
        if (const std::string why = why_forbidden(&address->addr); !why.empty()) {
            client.forbidden_ = why;
            return CURL_SOCKET_BAD;
        }
    } catch (...) {
        client.exception_ = std::current_exception();
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace onlooker::drivers
