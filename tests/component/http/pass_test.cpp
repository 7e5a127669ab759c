// A stream lives no longer than what it was let in by.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "component/http/served.hpp"
#include "http/gate.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using onlooker::Awaitable;
using onlooker::http::test::Client;
using onlooker::http::test::eventually;
using onlooker::http::test::Served;

namespace {

// Taken back by hand; says how many of them there are.
class Ticket final : public Pass {
  public:
    Ticket() { ++alive; }
    ~Ticket() override { --alive; }
    bool allows(Scope, std::string_view) const override { return true; }
    void on_end(std::function<void()> end) override { end_ = std::move(end); }
    void take_back() {
        if (const auto end = std::exchange(end_, nullptr))
            end();
    }

    inline static int alive = 0;

  private:
    std::function<void()> end_;
};

class Endless final : public StreamBody {
  public:
    std::string preamble() override { return "--frame\r\n"; }
    Awaitable<> run(StreamConnection& connection) override {
        bool stays = true;
        while (stays)
            stays = co_await connection.wait_until(onlooker::RunningClock::now() + 1h);
    }
};

Awaitable<Response> endless(const Request&, const RouteParameters&) {
    Response response;
    response.framing = Framing::until_close;
    response.body = std::make_unique<Endless>();
    co_return response;
}

Awaitable<Response> still(const Request&, const RouteParameters&) {
    co_return Response::text(200, "still");
}

Awaitable<Verdict> hand_out(std::weak_ptr<Ticket>& last, Access) {
    auto ticket = std::make_shared<Ticket>();
    last = ticket;
    co_return Verdict::let_in(std::move(ticket));
}

Router router_that_remembers(std::weak_ptr<Ticket>& last) {
    Router router(Cors{}, [&last](Access access) { return hand_out(last, access); });
    router.add({Method::get}, "/stream", Scope::view, endless);
    router.add({Method::get}, "/still", Scope::view, still);
    return router;
}

}  // namespace

TEST_SUITE("pass") {
    TEST_CASE("a stream ends when its pass is taken back, and others go on") {
        std::weak_ptr<Ticket> last;
        Served served(router_that_remembers(last));
        Client other(served.port());
        other.open_stream("/stream");
        Client client(served.port());
        client.open_stream("/stream");
        served.on_loop([&] {
            if (const auto ticket = last.lock())
                ticket->take_back();
        });
        CHECK(client.closed_by_peer(2s));
        CHECK(!other.closed_by_peer(100ms));
        CHECK(eventually([&] { return served.connections() == 1; }));
    }

    TEST_CASE("a connection keeps the pass of its last request alone, and none when it is over") {
        std::weak_ptr<Ticket> last;
        {
            Served served(router_that_remembers(last));
            Client client(served.port());
            for (int i = 0; i < 3; ++i) {
                client.get("/still");
                client.receive_until("still\n");
            }
            served.on_loop([] { CHECK(Ticket::alive <= 1); });
            client.close();
            CHECK(eventually([&] { return served.connections() == 0; }));
        }
        CHECK(Ticket::alive == 0);
    }
}
