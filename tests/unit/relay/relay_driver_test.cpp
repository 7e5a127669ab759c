#include "relay/relay_driver.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/process_identity.hpp"
#include "support/driver_contract.hpp"
#include "support/driver_error.hpp"
#include "support/fake_capture_context.hpp"
#include "unit/relay/streams.hpp"
#include "unit/relay/upstream_double.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;
using onlooker::Generator;
using onlooker::camera::CameraError;
using onlooker::camera::Captured;
using onlooker::camera::Driver;
using onlooker::camera::ErrorKind;
using onlooker::test::FakeCaptureContext;
using onlooker::test::jpeg;
using onlooker::test::UpstreamDouble;
using onlooker::test::Visit;

namespace {

using Values = std::map<std::string, std::string>;

std::unique_ptr<Driver> relay(const std::string& url, Values values = {}) {
    return onlooker::drivers::relay_entry().make(
        {.camera_name = "far", .source = url, .values = std::move(values)});
}

std::string picture_of(const Captured& captured) {
    const auto data = std::get<onlooker::media::JpegImage>(captured.picture).data;
    return {reinterpret_cast<const char*>(data.data()), data.size()};
}

CameraError error_of(const std::string& url, Values values = {}) {
    return onlooker::test::error_of(*relay(url, std::move(values)));
}

// Answers each request with this.
UpstreamDouble answering(std::string_view answer) {
    return UpstreamDouble([answer](Visit& visit) {
        if (!visit.read_request().empty())
            visit.send(answer);
    });
}

std::string part(const std::string& picture, std::string_view fields = "") {
    return "Content-Type: image/jpeg\r\nContent-Length: " + std::to_string(picture.size()) +
           "\r\n" + std::string(fields) + "\r\n" + picture + "\r\n--frame\r\n";
}

const std::string stream_head =
    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n--frame\r\n";

std::string snapshot(const std::string& picture, std::string_view fields = "") {
    return "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: " +
           std::to_string(picture.size()) + "\r\n" + std::string(fields) + "\r\n" + picture;
}

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

TEST_SUITE("relay driver") {
    TEST_CASE("passes the pictures of a stream on as they are, with their stamps") {
        const UpstreamDouble streaming([](Visit& visit) {
            visit.read_request();
            visit.send(stream_head + part(jpeg("one"), "X-Timestamp: 1700000000.500000\r\n") +
                       part(jpeg("two")));
        });
        FakeCaptureContext context;
        const auto driver = relay(streaming.url());
        auto frames = driver->frames(context);
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(picture_of(*captured) == jpeg("one"));
        CHECK(captured->wall == std::chrono::system_clock::time_point(1700000000500ms));
        captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(picture_of(*captured) == jpeg("two"));
        CHECK_FALSE(captured->wall);
        CHECK_THROWS_AS(frames.next(), CameraError);
    }

    TEST_CASE("keeps the contract of drivers") {
        const UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send(stream_head);
            while (visit.send(part(jpeg("one"))))
                visit.wait(5ms);
        });
        onlooker::test::check_driver_contract({"relay", [&] { return relay(upstream.url()); }});
    }

    TEST_CASE("a stream that was there and ended is unplugged") {
        const std::string answer = stream_head + part(jpeg("one"));
        const auto upstream = answering(answer);
        const CameraError error = error_of(upstream.url());
        CHECK(error.kind() == ErrorKind::unplugged);
        CHECK(error.what() == upstream.url() + " ended its stream");
        const std::string cut = stream_head + part(jpeg("one")) + part(jpeg("two")).substr(0, 70);
        const auto torn = answering(cut);
        CHECK(error_of(torn.url()).what() ==
              torn.url() + " ended its stream in the middle of a picture");
    }

    TEST_CASE("understands chunked transfer") {
        const std::string body = "--frame\r\n" + part(jpeg("one"));
        const std::string answer =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
            "Content-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n5\r\n" +
            body.substr(0, 5) + "\r\n" + fmt::format("{:x}", body.size() - 5) + "\r\n" +
            body.substr(5) + "\r\n0\r\n\r\n";
        const auto upstream = answering(answer);
        FakeCaptureContext context;
        const auto driver = relay(upstream.url());
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("one"));
    }

    TEST_CASE("a snapshot is asked for again at its rate, conditionally, over one connection") {
        const UpstreamDouble upstream([](Visit& visit) {
            std::string before;
            for (int i = 1;; ++i) {
                const std::string request = visit.read_request();
                if (request.empty())
                    return;
                const bool knows = request.find("If-None-Match: \"tag\"\r\n") != request.npos &&
                                   request.find("If-Modified-Since: Tue, 14") != request.npos;
                if (i == 2)
                    visit.send(knows ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                                     : "HTTP/1.1 400 Bad Request\r\n\r\n");
                else
                    visit.send(snapshot(jpeg("connection " + std::to_string(visit.number()) +
                                             " request " + std::to_string(i)),
                                        "ETag: \"tag\"\r\nX-Timestamp: 1700000000.5\r\n"
                                        "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n"));
            }
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url("/shot.jpg"), {{"fps", "50"}});
        auto frames = driver->frames(context);
        const auto begin = std::chrono::steady_clock::now();
        const Captured* captured = frames.next();
        REQUIRE(captured != nullptr);
        CHECK(captured->wall == std::chrono::system_clock::time_point(1700000000500ms));
        CHECK(picture_of(*captured) == jpeg("connection 1 request 1"));
        CHECK(picture_of(*frames.next()) == jpeg("connection 1 request 3"));
        CHECK(picture_of(*frames.next()) == jpeg("connection 1 request 4"));
        CHECK(std::chrono::steady_clock::now() - begin >= 60ms);
    }

    TEST_CASE("a snapshot that stays the same is passed on again once a second, with its stamp") {
        const UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send(snapshot(jpeg("same"), "ETag: \"tag\"\r\nX-Timestamp: 1700000000.5\r\n"));
            while (!visit.read_request().empty())
                visit.send("HTTP/1.1 304 Not Modified\r\n\r\n");
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "50"}});
        auto frames = driver->frames(context);
        frames.next();
        const auto begin = std::chrono::steady_clock::now();
        const Captured* again = frames.next();
        CHECK(std::chrono::steady_clock::now() - begin > 900ms);
        REQUIRE(again != nullptr);
        CHECK(picture_of(*again) == jpeg("same"));
        CHECK(again->wall == std::chrono::system_clock::time_point(1700000000500ms));
    }

    TEST_CASE("a picture in chunks, or ended by closing, is a snapshot too") {
        const UpstreamDouble upstream([](Visit& visit) {
            visit.read_request();
            visit.send("HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" +
                       jpeg(std::to_string(visit.number())));
        });
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "100"}});
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("1"));
        CHECK(picture_of(*frames.next()) == jpeg("2"));
    }

    TEST_CASE("of a stream, fps pictures per second are passed on at most") {
        std::string answer = stream_head;
        for (int i = 0; i < 20; ++i)
            answer += part(jpeg(std::to_string(i)));
        const auto upstream = answering(answer);
        FakeCaptureContext context;
        const auto driver = relay(upstream.url(), {{"fps", "1"}});
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("0"));
        CHECK_THROWS_AS(frames.next(), CameraError);
    }

    TEST_CASE("an answer that is an error says so by its kind") {
        for (const auto& [status, kind] : {std::pair{"401 Unauthorized", ErrorKind::no_permission},
                                           {"403 Forbidden", ErrorKind::no_permission},
                                           {"404 Not Found", ErrorKind::not_found},
                                           {"503 Service Unavailable", ErrorKind::busy},
                                           {"508 Loop Detected", ErrorKind::failed},
                                           {"500 Internal Server Error", ErrorKind::failed},
                                           {"204 No Content", ErrorKind::failed}}) {
            CAPTURE(status);
            const std::string answer =
                "HTTP/1.1 "s + status + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            const auto upstream = answering(answer);
            const CameraError error = error_of(upstream.url("/s?key=secret"));
            CHECK(error.kind() == kind);
            const std::string words = error.what();
            CHECK(words.find(std::string(status).substr(0, 3)) != words.npos);
            CHECK(words.find("secret") == words.npos);
        }
    }

    TEST_CASE("nobody there is not found") {
        int port = 0;
        {
            const auto upstream = answering("");
            port = upstream.port();
        }
        const CameraError refused = error_of("http://127.0.0.1:" + std::to_string(port) + "/");
        CHECK(refused.kind() == ErrorKind::not_found);
        CHECK(error_of("http://no-such-host.invalid/").kind() == ErrorKind::not_found);
    }

    TEST_CASE("a page, an empty body and nonsense are told apart from pictures") {
        const auto page = answering(
            "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>\n<p>Hello</p>\n");
        CHECK(error_of(page.url()).what() ==
              page.url() + " answers with \"text/html\", not with pictures");
        const auto empty = answering("HTTP/1.0 200 OK\r\nContent-Type: image/jpeg\r\n\r\n");
        CHECK(error_of(empty.url()).what() ==
              empty.url() + " answers with \"image/jpeg\" and no whole picture in it");
        const auto nonsense = answering("\x01\x02\x03 this is not HTTP\r\n\r\n");
        CHECK(error_of(nonsense.url()).kind() == ErrorKind::failed);
        const auto nothing = answering("");
        CHECK(error_of(nothing.url()).kind() == ErrorKind::failed);
    }

    TEST_CASE("redirects are followed three times, and only to http and https") {
        const UpstreamDouble round([](Visit& visit) {
            visit.read_request();
            visit.send(
                "HTTP/1.1 302 Found\r\nLocation: /again\r\nConnection: close\r\n"
                "Content-Length: 0\r\n\r\n");
        });
        const std::string words = error_of(round.url()).what();
        CHECK(words.find("redirects more than 3 times") != words.npos);
        const auto file = answering(
            "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
        const std::string scheme = error_of(file.url()).what();
        CHECK(scheme.find("a scheme that is not allowed") != scheme.npos);
        const UpstreamDouble once([](Visit& visit) {
            visit.read_request();
            visit.send(visit.number() == 1
                           ? "HTTP/1.1 302 Found\r\nLocation: /x\r\nConnection: close\r\n"
                             "Content-Length: 0\r\n\r\n"
                           : snapshot(jpeg("behind")));
        });
        FakeCaptureContext context;
        const auto driver = relay(once.url());
        auto frames = driver->frames(context);
        CHECK(picture_of(*frames.next()) == jpeg("behind"));
    }

    TEST_CASE("link-local addresses are refused, also behind a redirect") {
        for (const char* url : {"http://169.254.169.254/latest", "http://[fe80::1]/",
                                "http://[::ffff:169.254.1.1]/"}) {
            const CameraError error = error_of(url);
            CHECK(error.kind() == ErrorKind::failed);
            const std::string words = error.what();
            CHECK(words.find("link-local") != words.npos);
        }
        const auto upstream = answering(
            "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n");
        const std::string words = error_of(upstream.url()).what();
        CHECK(words.find("link-local") != words.npos);
    }

    TEST_CASE("the program's own listening socket is refused, by whatever name") {
        const onlooker::UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(listener.get(), generic, size) == 0);
        REQUIRE(::listen(listener.get(), 1) == 0);
        REQUIRE(::getsockname(listener.get(), generic, &size) == 0);
        const std::string port = std::to_string(ntohs(address.sin_port));
        for (const char* host : {"127.0.0.1", "localhost", "0.0.0.0", "127.1.2.3"}) {
            CAPTURE(host);
            const std::string words = error_of("http://" + std::string(host) + ":" + port).what();
            CHECK(words.find("this server itself listens there") != words.npos);
        }
    }

    TEST_CASE("silence ends it: before the head, in the head, and in the stream") {
        for (const std::string& beginning :
             {""s, "HTTP/1.0 200 OK\r\nContent-"s, stream_head, stream_head + part(jpeg("one"))}) {
            CAPTURE(beginning);
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send(beginning);
                visit.wait(5s);
            });
            const auto begin = std::chrono::steady_clock::now();
            const CameraError error = error_of(upstream.url(), {{"timeout", "0.2"}});
            CHECK(error.kind() == ErrorKind::no_signal);
            CHECK(std::chrono::steady_clock::now() - begin < 2s);
        }
    }

    TEST_CASE("a trickle that never makes a picture ends it, in the head and in the body") {
        for (const std::string& beginning :
             {"HTTP/1.0 200 OK\r\n"s, stream_head + "Content-Length: 100000\r\n\r\n"}) {
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send(beginning);
                while (visit.send("X: y\r\n"))
                    visit.wait(20ms);
            });
            const CameraError error = error_of(upstream.url(), {{"timeout", "0.2"}});
            CHECK(error.kind() == ErrorKind::no_signal);
        }
    }

    TEST_CASE("endless heads of every sort are refused") {
        for (const std::string& line : {"X: y\r\n"s, std::string(1000, 'x'),
                                        "HTTP/1.1 100 Continue\r\n\r\n"s, std::string(100, '\0')}) {
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send("HTTP/1.1 200 OK\r\n");
                while (visit.send(line)) {
                }
            });
            CHECK(error_of(upstream.url(), {{"timeout", "1"}}).kind() == ErrorKind::failed);
        }
    }

    TEST_CASE("a stop is minded at once, wherever it waits") {
        for (const std::string& beginning : {""s, stream_head, snapshot(jpeg("one"))}) {
            CAPTURE(beginning);
            const UpstreamDouble upstream([&](Visit& visit) {
                visit.read_request();
                visit.send(beginning);
                visit.wait(5s);
            });
            FakeCaptureContext context;
            const auto driver = relay(upstream.url(), {{"fps", "0.1"}});
            std::chrono::steady_clock::time_point asked;
            std::jthread stopper([&] {
                std::this_thread::sleep_for(100ms);
                asked = std::chrono::steady_clock::now();
                context.request_stop();
            });
            {
                auto frames = driver->frames(context);
                while (frames.next() != nullptr) {
                }
            }
            const auto ended = std::chrono::steady_clock::now();
            stopper.join();
            CHECK(ended - asked < 100ms);
        }
    }

    TEST_CASE("a control change that waits costs no spinning") {
        const UpstreamDouble upstream([&](Visit& visit) {
            visit.read_request();
            visit.send(stream_head);
            visit.wait(100ms);
            visit.send(part(jpeg("one")));
            visit.wait(5s);
        });
        FakeCaptureContext context;
        context.change_control("brightness", 1);
        const auto driver = relay(upstream.url());
        auto frames = driver->frames(context);
        REQUIRE(frames.next() != nullptr);
        CHECK(context.take_control_changes().empty());
    }

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
