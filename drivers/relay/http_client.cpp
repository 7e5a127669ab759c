#include "relay/http_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

#include "base/running_clock.hpp"
#include "relay/forbidden_address.hpp"
#include "relay/relay_errors.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;

constexpr long most_redirects = 3;
constexpr int most_cookies = 50;         // of all requests
constexpr long receive_buffer = 131072;  // a few pictures need one system call each, not five
constexpr auto connect_limit = 5s;       // name, connection and TLS handshake

// Whether a response with this status is followed by another one to the same request: interim ones,
// redirects and challenges.
bool is_followed(long status) {
    return status / 100 == 1 || status / 100 == 3 || status == 401;
}

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
    : options_(options), credentials_(credentials), feed_body_(std::move(feed_body)) {
    prepare_library();
    multi_.reset(curl_multi_init());
    if (!multi_)
        throw std::bad_alloc();
    make_handle();
}

// A new one knows no login that was asked for, and no cookies. The connections are multi_'s.
void HttpClient::make_handle() {
    easy_.reset(curl_easy_init());
    if (!easy_)
        throw std::bad_alloc();
    set(CURLOPT_URL, options_.url.c_str());
    set(CURLOPT_USERAGENT, "onlooker relay");
    // Nothing is saved by squeezing a JPEG; what comes so unasked is decoded all the same.
    set(CURLOPT_ACCEPT_ENCODING, "identity");
    // Cookies are kept: some cameras set one and redirect, and go round without it.
    set(CURLOPT_COOKIEFILE, "");
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_HEADERFUNCTION, &HttpClient::on_head);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &HttpClient::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_OPENSOCKETFUNCTION, &HttpClient::on_socket);
    set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    set_limits();
    set_credentials();
}

HttpClient::~HttpClient() {
    cancel();
}

void HttpClient::cancel() noexcept {
    if (std::exchange(running_, false))
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

void HttpClient::set_credentials() {
    // libcurl sends none of these to another host that a redirect leads to.
    if (!credentials_.token.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        set(CURLOPT_XOAUTH2_BEARER, credentials_.token.c_str());
    } else if (!credentials_.user.empty()) {
        set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST));
        set(CURLOPT_USERNAME, credentials_.user.c_str());
        set(CURLOPT_PASSWORD, credentials_.password.c_str());
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
    next_try_.begin();
    forbidden_.clear();
    last_heard_ = RunningClock::now();
    start();
}

void HttpClient::start() {
    if (next_try_.without_memory())
        make_handle();
    // libcurl limits what one response sets and what one request sends, not what it keeps.
    if (count_cookies() > most_cookies)
        set(CURLOPT_COOKIELIST, "ALL");
    set(CURLOPT_HTTPHEADER, fields_.get());
    set(CURLOPT_FRESH_CONNECT, next_try_.on_a_new_connection() ? 1L : 0L);
    set(CURLOPT_HTTP_CONTENT_DECODING, next_try_.undecoded() ? 0L : 1L);
    set(CURLOPT_IGNORE_CONTENT_LENGTH, next_try_.ignores_content_length() ? 1L : 0L);
    if (next_try_.pinned()) {
        set(CURLOPT_SSL_VERIFYHOST, 0L);  // on_tls() trusts the pinned certificates alone
        set(CURLOPT_SSL_CTX_FUNCTION, &HttpClient::on_tls);
        set(CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
    }
    head_ = {};
    error_text_[0] = '\0';
    curl_multi_add_handle(multi_.get(), easy_.get());
    running_ = true;
}

int HttpClient::count_cookies() const noexcept {
    curl_slist* list = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_COOKIELIST, &list);
    const std::unique_ptr<curl_slist, ListDeleter> owner(list);
    int count = 0;
    for (const curl_slist* cookie = list; cookie != nullptr; cookie = cookie->next)
        ++count;
    return count;
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
    if (exception_) {
        cancel();
        std::rethrow_exception(std::exchange(exception_, nullptr));
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg == CURLMSG_DONE)
            finish(message->data.result);
    }
    return running_;
}

void HttpClient::finish(CURLcode result) {
    cancel();
    if (result == CURLE_OK) {
        went_well_ = true;
        unpinned_words_.clear();
        return;
    }
    if (may_try_again(result)) {
        start();
        return;
    }
    // A pin that does not fit either adds nothing to why the certificate was refused before.
    const bool refused_before =
        result == CURLE_PEER_FAILED_VERIFICATION && !unpinned_words_.empty();
    throw relay_error(
        {.code = result,
         .status = status(),
         .has_head = has_head(),
         .shown = options_.shown,
         .details = refused_before ? unpinned_words_ : error_text_.data(),
         .forbidden = forbidden_,
         .may_connect = (result != CURLE_COULDNT_CONNECT && result != CURLE_COULDNT_RESOLVE_HOST) ||
                        may_connect()});
}

bool HttpClient::may_try_again(CURLcode result) {
    long new_connections = 0;
    long login_schemes = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &new_connections);
    curl_easy_getinfo(easy_.get(), CURLINFO_HTTPAUTH_AVAIL, &login_schemes);
    const bool was_pinned = next_try_.pinned();
    const bool again = next_try_.after({
        .code = result,
        .status = status(),
        .connection_was_used = new_connections == 0 || head_.begun(),
        .has_answer = head_.begun() && !is_followed(status()),
        .has_memory =
            went_well_ && ((static_cast<unsigned long>(login_schemes) & CURLAUTH_DIGEST) != 0 ||
                           count_cookies() > 0),
        .has_pins = !options_.ca_file.empty() && PinnedCertificates::supported(),
    });
    if (next_try_.pinned() && !was_pinned) {
        unpinned_words_ = error_text_.data();
        pins_.emplace(options_.ca_file);
    }
    return again;
}

std::optional<std::size_t> HttpClient::content_length() const noexcept {
    curl_off_t length = -1;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return length < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(length));
}

long HttpClient::status() const noexcept {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    return status;
}

std::size_t HttpClient::on_head(char* data, std::size_t size, std::size_t count, void* self) {
    auto& client = *static_cast<HttpClient*>(self);
    client.last_heard_ = RunningClock::now();
    try {
        client.head_.feed({data, size * count}, client.options_.shown);
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

CURLcode HttpClient::on_tls(CURL*, void* context, void* self) {
    static_cast<HttpClient*>(self)->pins_->install(context);
    return CURLE_OK;
}

}  // namespace onlooker::drivers
