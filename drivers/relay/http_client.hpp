// One GET after another over one kept connection, without ever blocking longer than asked.
//
// A thin owner of libcurl's multi interface: what the relay allows (schemes, redirects, addresses,
// sizes of heads) is set here once, and what goes wrong comes out as a CameraError in words.
// Used on the capture thread.
#pragma once

#include <curl/curl.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "relay/relay_settings.hpp"

namespace onlooker::drivers {

// The fields of the last response that matter here.
struct ResponseHead {
    std::string content_type;
    std::string etag;
    std::string last_modified;
    std::string timestamp;  // X-Timestamp
};

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
    bool extra_was_readable() const noexcept { return extra_was_readable_; }

    long status() const noexcept;
    const ResponseHead& head() const noexcept { return head_; }
    bool has_head() const noexcept { return head_complete_; }
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
    void set_limits();
    void set_credentials(const Credentials& credentials);
    void finish(CURLcode result);
    void feed_head_line(std::string_view line);

    static std::size_t on_head(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

    RelaySettings options_;
    BodySink feed_body_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::unique_ptr<CURLM, MultiDeleter> multi_;
    std::unique_ptr<CURL, EasyDeleter> easy_;
    std::unique_ptr<curl_slist, ListDeleter> fields_;
    bool running_ = false;
    bool extra_was_readable_ = false;

    ResponseHead head_;
    bool head_complete_ = false;
    std::size_t head_size_ = 0;
    std::size_t head_count_ = 0;
    std::string forbidden_;         // why an address of the host was refused
    std::exception_ptr exception_;  // thrown in a callback, which C must not see
    SteadyTime last_heard_;
};

}  // namespace onlooker::drivers
