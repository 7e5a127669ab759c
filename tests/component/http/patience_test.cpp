// How long a peer that takes nothing is borne: by us, and by the kernel.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "component/http/served.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::http::test::Client;
using onlooker::http::test::eventually;
using onlooker::http::test::Served;

namespace {

TextGenerator endless_rows() {
    const std::string row(1'000, 'r');
    while (true)
        co_yield row;
}

Awaitable<Response> rows(const Request&, const RouteParameters&) {
    Response response;
    response.body = endless_rows();
    co_return response;
}

// How long the kernel has patience with the peer, in milliseconds, as text.
class KernelPatience final : public StreamBody {
  public:
    std::string preamble() override { return {}; }
    Awaitable<> run(StreamConnection& connection) override {
        unsigned timeout = 0;
        socklen_t size = sizeof timeout;
        const int fd = connection.transport().socket().native_handle();
        ::getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, &size);
        const std::string text = std::to_string(timeout);
        const std::array pieces{bytes_of(text)};
        connection.transport().try_write(pieces);
        co_return;
    }
};

Awaitable<Response> kernel_patience(const Request&, const RouteParameters&) {
    Response response;
    response.framing = Framing::until_close;
    response.body = std::make_unique<KernelPatience>();
    co_return response;
}

Router make_router() {
    Router router;
    router.add({Method::get}, "/rows", Scope::view, rows);
    router.add({Method::get}, "/patience", Scope::view, kernel_patience);
    return router;
}

}  // namespace

TEST_SUITE("patience") {
    TEST_CASE("a peer that takes nothing of an answer is given up") {
        ServerSettings settings;
        settings.connection.write_stall = 200ms;
        Served served(make_router(), settings);
        Client client(served.port(), 4096);
        client.get("/rows");
        REQUIRE(eventually([&] { return served.connections() == 1; }));
        CHECK(eventually([&] { return served.connections() == 0; }));
    }

    TEST_CASE("the kernel does not give a peer up before we do, nor before half a minute") {
        const auto patience = [](std::chrono::milliseconds ours) {
            ServerSettings settings;
            settings.connection.write_stall = ours;
            const Served served(make_router(), settings);
            Client client(served.port());
            client.get("/patience");
            client.receive_until("\r\n\r\n");
            return std::chrono::milliseconds(std::stol("0" + client.receive_all()));
        };
        CHECK(patience(1s) == 30s);
        CHECK(patience(30s) > 30s);
        CHECK(patience(1h) > 1h);
        CHECK(patience(24h) > 24h);
    }
}
