#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "component/http/served.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::http::test::Client;
using onlooker::http::test::eventually;
using onlooker::http::test::Served;
using onlooker::http::test::status_of;

namespace {

Awaitable<Response> echo_path(const Request& request, const RouteParameters&) {
    co_return Response::text(200, request.path + request.body);
}

Awaitable<Response> broken(const Request&, const RouteParameters&) {
    throw std::runtime_error("the handler is broken");
    co_return Response{};
}

TextGenerator count_rows(int rows) {
    for (int i = 0; i < rows; ++i)
        co_yield std::to_string(i) + "\n";
}

Awaitable<Response> rows(const Request& request, const RouteParameters&) {
    Response response;
    response.body = count_rows(request.query.has("many") ? 100'000 : 3);
    co_return response;
}

class ThreeParts final : public StreamBody {
  public:
    std::string preamble() override { return "--frame\r\n"; }
    Awaitable<> run(StreamConnection& connection) override {
        static constexpr std::string_view text = "part--frame\r\n";
        const std::array pieces{std::as_bytes(std::span(text))};
        for (int i = 0; i < 3; ++i)
            connection.transport().try_write(pieces);
        co_return;
    }
};

Awaitable<Response> stream(const Request&, const RouteParameters&) {
    Response response;
    response.with("Content-Type", "multipart/x-mixed-replace;boundary=frame");
    response.framing = Framing::until_close;
    response.body = std::make_unique<ThreeParts>();
    co_return response;
}

// Sends nothing but when the peer has finished, and waits for what the connection says.
class Silent final : public StreamBody {
  public:
    std::string preamble() override { return "--frame\r\n"; }
    Awaitable<> run(StreamConnection& connection) override {
        transport_ = &connection.transport();
        onlooker::Timer asleep(transport_->socket().get_executor(),
                               std::chrono::steady_clock::time_point::max());
        connection.on_leave([&asleep] { asleep.cancel(); });
        while (!connection.leaving())
            co_await asleep.async_wait(onlooker::as_result);
    }
    void peer_finished() override {
        const std::array pieces{bytes_of("once more\r\n")};
        transport_->try_write(pieces);
    }

  private:
    Transport* transport_ = nullptr;
};

Awaitable<Response> silent(const Request&, const RouteParameters&) {
    Response response;
    response.framing = Framing::until_close;
    response.body = std::make_unique<Silent>();
    co_return response;
}

Router make_router() {
    Router router;
    router.add({Method::get, Method::post}, "/echo/{name}", Scope::public_, echo_path);
    router.add({Method::get}, "/rows", Scope::view, rows);
    router.add({Method::get}, "/stream", Scope::view, stream);
    router.add({Method::get}, "/silent", Scope::view, silent);
    router.add({Method::get}, "/broken", Scope::public_, broken);
    return router;
}

constexpr auto get_a = "GET /echo/a HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_SUITE("connection") {
    TEST_CASE("answers a request and stays open for the next") {
        Served served(make_router());
        Client client(served.port());
        client.send(get_a);
        const std::string first = client.receive_until("/echo/a\n");
        CHECK(first.starts_with("HTTP/1.1 200 OK\r\n"));
        client.send("GET /echo/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const std::string second = client.receive_all();
        CHECK(second.ends_with("/echo/b\n"));
        CHECK(second.find("Connection: close\r\n") != std::string::npos);
    }

    TEST_CASE(
        "a connection that asks for nothing more is closed at its idle deadline, in silence") {
        ServerSettings settings;
        settings.connection.read.idle = 300ms;
        Served served(make_router(), settings);
        Client client(served.port());
        client.send(get_a);
        client.receive_until("/echo/a\n");
        CHECK(!client.closed_by_peer(100ms));
        // Each answer begins the time anew.
        client.send(get_a);
        client.receive_until("/echo/a\n");
        const auto answered = std::chrono::steady_clock::now();
        CHECK(client.receive_all(3s).empty());
        CHECK(std::chrono::steady_clock::now() - answered > 250ms);
        client.close();
        CHECK(eventually([&] { return served.connections() == 0; }));
    }

    TEST_CASE("what is wrong with the framing is said before the method, that before the path") {
        Served served(make_router());
        const auto answer_to = [&served](std::string_view request) {
            Client client(served.port());
            client.send(request);
            client.finish_sending();
            return status_of(client.receive_all());
        };
        CHECK(answer_to("BREW /echo/a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n") == 400);
        CHECK(answer_to("BREW /nowhere HTTP/1.1\r\nHost: x\r\n\r\n") == 501);
        CHECK(answer_to("BREW /echo/a HTTP/1.1\r\nHost: x\r\n\r\n") == 501);
        CHECK(answer_to("POST /nowhere HTTP/1.1\r\nHost: x\r\n\r\n") == 404);
        CHECK(answer_to("POST /rows HTTP/1.1\r\nHost: x\r\n\r\n") == 405);
    }

    TEST_CASE("answers pipelined requests in order") {
        Served served(make_router());
        for (const int count : {50, 10'000}) {
            Client client(served.port());
            std::thread sender([&] {
                std::string requests;
                for (int i = 0; i < count; ++i)
                    requests += "GET /echo/" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
                client.send(requests);
                client.finish_sending();
            });
            const std::string all = client.receive_all();
            sender.join();
            std::size_t place = 0;
            int in_order = 0;
            for (; in_order < count; ++in_order) {
                place = all.find("\r\n\r\n/echo/" + std::to_string(in_order) + "\n", place);
                if (place == std::string::npos)
                    break;
            }
            CHECK(in_order == count);
        }
    }

    TEST_CASE("an exception of a handler is a 500 and the connection lives on") {
        Served served(make_router());
        Client client(served.port());
        client.get("/broken");
        CHECK(status_of(client.receive_until("\r\n\r\n")) == 500);
        client.receive_until("what.\n");
        client.send(get_a);
        CHECK(status_of(client.receive_until("/echo/a\n")) == 200);
    }

    TEST_CASE("a header section that does not come in time is a 408, a silent peer is closed") {
        ServerSettings settings;
        settings.connection.read.head = 100ms;
        settings.connection.read.body = 100ms;
        settings.connection.read.first_request = 200ms;
        Served served(make_router(), settings);
        Client slow_head(served.port());
        slow_head.send("GET / HTTP/1.1\r\nHost");
        Client slow_body(served.port());
        slow_body.send("POST /echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
        Client silent(served.port());
        CHECK(status_of(slow_head.receive_all()) == 408);
        CHECK(status_of(slow_body.receive_all()) == 408);
        CHECK(silent.receive_all() == "");
        CHECK(silent.closed_by_peer(1s));
    }

    TEST_CASE("an error answer arrives although octets behind it are never read") {
        Served served(make_router());
        Client client(served.port());
        client.send("POST /echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" +
                    std::string(70'000, 'x'));
        const std::string answer = client.receive_all();
        CHECK(status_of(answer) == 413);
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
    }

    TEST_CASE("a request is answered in full after the peer has half closed") {
        Served served(make_router());
        Client client(served.port());
        client.send("GET /rows?many HTTP/1.0\r\n\r\n");
        client.finish_sending();
        const std::string answer = client.receive_all();
        CHECK(answer.find("Transfer-Encoding") == std::string::npos);
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
        CHECK(answer.ends_with("\n99999\n"));
    }

    TEST_CASE("generated rows are chunked on HTTP/1.1, and the connection stays open") {
        Served served(make_router());
        Client client(served.port());
        client.get("/rows");
        const std::string answer = client.receive_until("\r\n0\r\n\r\n");
        CHECK(answer.ends_with("\r\n\r\n2\r\n0\n\r\n4\r\n1\n2\n\r\n0\r\n\r\n"));
        client.send(get_a);
        CHECK(client.receive_until("/echo/a\n").starts_with("HTTP/1.1 200"));
    }

    TEST_CASE("HEAD tells the length and sends no body") {
        Served served(make_router());
        Client client(served.port());
        client.send("HEAD /echo/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const std::string answer = client.receive_all();
        CHECK(answer.find("Content-Length: 8\r\n") != std::string::npos);
        CHECK(answer.ends_with("\r\n\r\n"));
    }

    TEST_CASE("a stream is HTTP/1.0, and what follows its request is never interpreted") {
        Served served(make_router());
        Client client(served.port());
        client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(get_a));
        const std::string answer = client.receive_all();
        CHECK(answer.starts_with("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Type: multi"));
        CHECK(answer.ends_with("\r\n\r\n--frame\r\npart--frame\r\npart--frame\r\npart--frame\r\n"));
    }

    TEST_CASE("a stream ends at once when its peer closes or resets, though nothing is due") {
        Served served(make_router());
        for (const bool resets : {false, true}) {
            Client client(served.port());
            CHECK(client.open_stream("/silent").ends_with("--frame\r\n"));
            CHECK(served.connections() == 1);
            if (resets)
                client.reset();
            else
                client.close();
            CHECK(eventually([&] { return served.connections() == 0; }, 1s));
        }
    }

    TEST_CASE("a peer that only half closes keeps its stream") {
        Served served(make_router());
        Client client(served.port());
        client.get("/silent");
        client.finish_sending();
        CHECK(client.receive_until("once more\r\n").ends_with("--frame\r\nonce more\r\n"));
        CHECK_FALSE(client.closed_by_peer(200ms));
        CHECK(served.connections() == 1);
        client.reset();
        CHECK(eventually([&] { return served.connections() == 0; }, 1s));
    }

    TEST_CASE("what is sent behind the request for a stream is thrown away, and then held back") {
        Served served(make_router());
        Client client(served.port());
        client.open_stream("/silent");
        client.send(get_a);
        client.send(get_a);
        CHECK(client.receive_all(200ms) == "");
        // Beyond what the kernel's buffers take it is the client who waits.
        CHECK(client.send_within(std::string(64 * 1024 * 1024, 'x'), 500ms) < 32 * 1024 * 1024);
        CHECK(served.busy_during(200ms) < 100ms);
        client.reset();
        CHECK(eventually([&] { return served.connections() == 0; }, 1s));
    }

    TEST_CASE("at the limit a newcomer takes the place of the longest idle, or is told 503") {
        ServerSettings settings;
        settings.max_connections = 2;
        Served served(make_router(), settings);
        Client busy(served.port());
        busy.send("GET /echo/a");
        Client idle(served.port());
        idle.send(get_a);
        idle.receive_until("/echo/a\n");
        Client third(served.port());
        third.send("GET ");
        CHECK(idle.closed_by_peer(2s));
        Client fourth(served.port());
        fourth.send(get_a);
        const std::string answer = fourth.receive_all();
        CHECK(status_of(answer) == 503);
        CHECK(answer.find("Retry-After: 2\r\n") != std::string::npos);
        busy.send(" HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(status_of(busy.receive_until("/echo/a\n")) == 200);
    }

    TEST_CASE("stopping closes idle connections and turns newcomers away") {
        Served served(make_router());
        Client idle(served.port());
        idle.send(get_a);
        idle.receive_until("/echo/a\n");
        CHECK(served.stop(1s));
        CHECK(idle.closed_by_peer(1s));
    }
}
