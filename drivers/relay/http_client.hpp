// One GET after another over one kept connection, without ever blocking longer than asked.
//
// A thin owner of libcurl's multi interface: what the relay allows (schemes, redirects, addresses,
// sizes of heads) is set here once, and what goes wrong comes out as a CameraError in words.
//
// What outlives a request: connections, addresses of names, TLS sessions, the login that was asked
// for, and cookies. It saves round trips and logins, and any of it may be out of date. So a request
// that may have failed for that reason is made once more without it (next_try.hpp). What is learnt
// of a server's mistakes is kept until the client ends. Used on the capture thread.
#pragma once

#include <curl/curl.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "relay/next_try.hpp"
#include "relay/pinned_certificate.hpp"
#include "relay/relay_settings.hpp"
#include "relay/response_head.hpp"

namespace onlooker::drivers {

struct Credentials {
    std::string user;
    std::string password;
    std::string token;
};

class HttpClient {
  public:
    // Takes the next octets of the body; what it throws comes out of advance().
    using BodySink = std::function<void(std::span<const std::byte>)>;

    HttpClient(const RelaySettings& options, const Credentials& credentials, BodySink feed_body);
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    ~HttpClient();

    // Starts a request with these fields ("Name: value") besides the usual ones. None runs.
    void get(const std::vector<std::string>& fields);

    // Waits until something comes, `extra_descriptor` is readable, or `limit` has passed, and works
    // on what came. Whether the request still runs. Throws CameraError.
    bool advance(int extra_descriptor, std::chrono::milliseconds limit);
    // Ends the request, if one runs, and its connection. Status and head stay.
    void cancel() noexcept;
    bool extra_was_readable() const noexcept { return extra_was_readable_; }

    long status() const noexcept;
    const ResponseHead& head() const noexcept { return head_.head(); }
    bool has_head() const noexcept { return head_.complete(); }
    // Of the body, as the head says.
    std::optional<std::size_t> content_length() const noexcept;
    // When the server last sent anything, or the request was begun.
    SteadyTime last_heard() const noexcept { return last_heard_; }

  private:
    struct EasyDeleter {
        void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    };
    struct MultiDeleter {
        void operator()(CURLM* handle) const noexcept { curl_multi_cleanup(handle); }
    };
    struct ListDeleter {
        void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
    };

    template <typename Value>
    void set(CURLoption option, Value value);
    void make_handle();
    void set_limits();
    void set_credentials();
    int count_cookies() const noexcept;
    void start();
    void finish(CURLcode result);
    bool may_try_again(CURLcode result);

    static std::size_t on_head(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
    static CURLcode on_tls(CURL* handle, void* context, void* self);

    RelaySettings options_;
    Credentials credentials_;
    BodySink feed_body_;
    std::optional<PinnedCertificates> pins_;  // once it was found that they are needed
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::unique_ptr<CURLM, MultiDeleter> multi_;
    std::unique_ptr<CURL, EasyDeleter> easy_;
    std::unique_ptr<curl_slist, ListDeleter> fields_;
    bool running_ = false;
    bool extra_was_readable_ = false;

    HeadReader head_;
    NextTry next_try_;
    bool went_well_ = false;        // a request, to its end
    std::string unpinned_words_;    // why the certificate was refused before the pins were tried
    std::string forbidden_;         // why an address of the host was refused
    std::exception_ptr exception_;  // thrown in a callback, which C must not see
    SteadyTime last_heard_;
};

}  // namespace onlooker::drivers
