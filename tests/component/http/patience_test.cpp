// How long a peer that takes nothing is borne: by us, and by the kernel.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

// What the kernel does about a peer that is silent, in words: the time within which all that is
// sent must be acknowledged, and when keep-alive probes are sent.
class KernelPatience final : public StreamBody {
  public:
    std::string preamble() override { return {}; }
    Awaitable<> run(StreamConnection& connection) override {
        const int fd = connection.transport().socket().native_handle();
        std::string text;
        const auto tell = [&](int level, int option) {
            int value = -1;
            socklen_t size = sizeof value;
            ::getsockopt(fd, level, option, &value, &size);
            text += std::to_string(value) + ' ';
        };
        for (const int option : {TCP_USER_TIMEOUT, TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT})
            tell(IPPROTO_TCP, option);
        tell(SOL_SOCKET, SO_KEEPALIVE);
        tell(IPPROTO_TCP, TCP_NODELAY);
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

struct Probes {
    int user_timeout = -1;
    int idle = -1;
    int interval = -1;
    int count = -1;
    int keep_alive = -1;
    int no_delay = -1;
};

Probes probes_of(std::string_view words) {
    Probes probes;
    std::istringstream(std::string(words)) >> probes.user_timeout >> probes.idle >>
        probes.interval >> probes.count >> probes.keep_alive >> probes.no_delay;
    return probes;
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

    TEST_CASE("a peer that takes little is not, however long the socket stays full") {
        ServerSettings settings;
        settings.connection.write_stall = 400ms;
        Served served(make_router(), settings);
        Client client(served.port(), 8192);
        client.get("/rows");
        // What the kernel keeps for it takes longer than the limit to become half.
        for (int i = 0; i < 75; ++i) {
            REQUIRE(client.receive_some(4096).size() > 0);
            std::this_thread::sleep_for(20ms);
        }
        CHECK(served.connections() == 1);
    }

    TEST_CASE(
        "the kernel gives up no peer that is alive, and probes of many peers do not coincide") {
        const Served served(make_router());
        std::set<int> first_probes;
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 8; ++i) {
            auto& client = clients.emplace_back(std::make_unique<Client>(served.port()));
            client->get("/patience");
            client->receive_until("\r\n\r\n");
            const Probes probes = probes_of(client->receive_all());
            CHECK(probes.user_timeout == 0);
            CHECK(probes.keep_alive == 1);
            CHECK(probes.no_delay == 1);
            CHECK(probes.count >= 5);
            CHECK(probes.idle + probes.interval * probes.count >= 30);
            CHECK(probes.idle + probes.interval * probes.count <= 60);
            first_probes.insert(probes.idle);
        }
        CHECK(first_probes.size() >= 4);
    }
}
