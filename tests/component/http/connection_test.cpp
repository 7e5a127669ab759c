#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>

#include "component/http/served.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::http::test::Client;
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

Router make_router() {
    Router router;
    router.add({Method::get, Method::post}, "/echo/{name}", Scope::public_, echo_path);
    router.add({Method::get}, "/broken", Scope::public_, broken);
    return router;
}

constexpr auto get_a = "GET /echo/a HTTP/1.1\r\nHost: x\r\n\r\n";

}  // namespace

TEST_SUITE("connection") {
    TEST_CASE("answers a request and stays open for the next") {
        Router router = make_router();
        Served served(router);
        Client client(served.port());
        client.send(get_a);
        const std::string first = client.receive_until("/echo/a\n");
        CHECK(first.starts_with("HTTP/1.1 200 OK\r\n"));
        client.send("GET /echo/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        const std::string second = client.receive_all();
        CHECK(second.ends_with("/echo/b\n"));
        CHECK(second.find("Connection: close\r\n") != std::string::npos);
    }

    TEST_CASE("answers pipelined requests in order") {
        Router router = make_router();
        Served served(router);
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
        Router router = make_router();
        Served served(router);
        Client client(served.port());
        client.send("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(status_of(client.receive_until("\r\n\r\n")) == 500);
        client.receive_until("what.\n");
        client.send(get_a);
        CHECK(status_of(client.receive_until("/echo/a\n")) == 200);
    }
}
