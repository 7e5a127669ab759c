// What the relay sends upstream: logins, where from, on whose behalf.
#include <unistd.h>

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process_identity.hpp"
#include "support/fake_capture_context.hpp"
#include "unit/relay/relayed.hpp"

using namespace onlooker::test;
using onlooker::camera::CameraError;
using onlooker::camera::ErrorKind;

namespace {

// The request as the scan of a picture, which is how the double tells what it was asked.
std::string echo(const std::string& request) {
    return jpeg(request);
}

std::string request_seen(const std::string& answer_fields, const std::string& url_login,
                         Values values) {
    const UpstreamDouble upstream([&](Visit& visit) {
        const std::string request = visit.read_request();
        visit.send(snapshot(echo(request), answer_fields));
    });
    FakeCaptureContext context;
    const auto driver = relay(upstream.url("/shot", url_login), std::move(values));
    auto frames = driver->frames(context);
    return picture_of(*frames.next());
}

std::string file_with(std::string_view name, std::string_view content) {
    const auto path = std::filesystem::temp_directory_path() /
                      (std::to_string(::getpid()) + "-" + std::string(name));
    std::ofstream(path) << content;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
}

class ContextWithWatchers final : public onlooker::camera::CaptureContext {
  public:
    bool stop_requested() const noexcept override { return inner.stop_requested(); }
    int stop_descriptor() const noexcept override { return inner.stop_descriptor(); }
    bool sleep_until(std::chrono::steady_clock::time_point time) override {
        return inner.sleep_until(time);
    }
    std::vector<onlooker::camera::ControlChange> take_control_changes() override {
        return inner.take_control_changes();
    }
    void report_controls(std::vector<onlooker::camera::Control>) override {}
    void warn(std::string_view) override {}
    std::string watchers_via() const override { return "1.1 onlooker-edge"; }

    FakeCaptureContext inner;
};

}  // namespace

TEST_SUITE("requests of the relay") {
    TEST_CASE("Basic, with the login in the URL or beside it, is sent when it is asked for") {
        const UpstreamDouble upstream([](Visit& visit) {
            for (std::string request; !(request = visit.read_request()).empty();) {
                const bool right =
                    request.find("Authorization: Basic bWU6czpjcmV0\r\n") != request.npos;
                visit.send(right ? snapshot(jpeg("in"))
                                 : "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic "
                                   "realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
            }
        });
        const std::string file = file_with("password", "s:cret\nsecond line\n");
        for (const auto& driver :
             {relay(upstream.url("/", "me:s%3Acret@")),
              relay(upstream.url(), {{"user", "me"}, {"password_file", file}})}) {
            FakeCaptureContext context;
            auto frames = driver->frames(context);
            CHECK(picture_of(*frames.next()) == jpeg("in"));
            CHECK(context.warnings().empty());
        }
        const CameraError wrong = error_of(upstream.url("/", "me:wrong@"));
        CHECK(wrong.kind() == ErrorKind::no_permission);
        CHECK(std::string(wrong.what()).find("wrong") == std::string::npos);
        std::filesystem::remove(file);
    }

    TEST_CASE("Digest is answered") {
        const UpstreamDouble upstream([](Visit& visit) {
            for (std::string request; !(request = visit.read_request()).empty();)
                visit.send(request.find("Authorization: Digest username=\"me\"") != request.npos &&
                                   request.find("response=\"") != request.npos
                               ? snapshot(jpeg("in"))
                               : "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest "
                                 "realm=\"x\", nonce=\"n\", qop=\"auth\"\r\n"
                                 "Content-Length: 0\r\n\r\n");
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url("/", "me:secret@"));
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("in"));
    }

    TEST_CASE("a bearer token is sent from its file, and one that all may read is warned of") {
        const std::string file = file_with("token", "abc.def\r\n");
        CHECK(request_seen("", "", {{"token_file", file}})
                  .find("Authorization: Bearer abc.def\r\n") != std::string::npos);
        std::filesystem::permissions(file, std::filesystem::perms::others_read,
                                     std::filesystem::perm_options::add);
        const auto upstream = answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"token_file", file}});
        auto frames = driver->frames(context);
        CHECK_THROWS_AS(frames.next(), CameraError);
        CHECK(context.warnings().size() == 1);
        std::filesystem::remove(file);
        CHECK(error_of(upstream.url(), {{"token_file", file}}).kind() == ErrorKind::no_permission);
    }

    TEST_CASE("the environment brings no proxy") {
        ::setenv("http_proxy", "http://127.0.0.1:9", 1);
        ::setenv("ALL_PROXY", "http://127.0.0.1:9", 1);
        CHECK(request_seen("", "", {}).find("GET /shot HTTP/1.1\r\n") != std::string::npos);
        ::unsetenv("http_proxy");
        ::unsetenv("ALL_PROXY");
    }

    TEST_CASE("says in its Via who asks, behind those who watch") {
        CHECK(request_seen("", "", {}).find("Via: 1.1 " + onlooker::via_pseudonym() + "\r\n") !=
              std::string::npos);
        const UpstreamDouble upstream(
            [](Visit& visit) { visit.send(snapshot(echo(visit.read_request()))); });
        ContextWithWatchers context;
        const auto driver = relay(upstream.url());
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next())
                  .find("Via: 1.1 onlooker-edge, 1.1 " + onlooker::via_pseudonym() + "\r\n") !=
              std::string::npos);
    }
}
