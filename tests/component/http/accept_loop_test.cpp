#include "http/wire/accept_loop.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/task_group.hpp"
#include "component/http/served.hpp"
#include "http/wire/listener.hpp"
#include "support/logged.hpp"
#include "support/test_loop.hpp"

using namespace std::chrono_literals;
using onlooker::TaskGroup;
using onlooker::TcpSocket;
using onlooker::http::AcceptLoop;
using onlooker::http::listen_on;
using onlooker::http::test::Client;
using onlooker::test::Logged;
using onlooker::test::TestLoop;

namespace {

// A house that may turn a newcomer away by throwing.
class Doorman final : public AcceptLoop::Host {
  public:
    ~Doorman() {
        tasks.leave();
        loop.run_until([this] { return tasks.size() == 0; });
    }

    void open() { tasks.spawn(door, door.run()); }
    std::uint16_t port() { return door.listener().acceptor.local_endpoint().port(); }
    bool lets_in(std::size_t count) {
        return loop.run_until([&] { return guests.size() == count; });
    }

    void admit(TcpSocket socket, const asio::ip::tcp::endpoint&, bool) override {
        ++newcomers;
        if (ill)
            std::exchange(ill, nullptr)();
        guests.push_back(std::move(socket));
    }
    std::size_t connections() const noexcept override { return guests.size(); }
    bool run_short() override {
        ++shortages;
        return false;
    }
    void turn_away(TcpSocket socket, const asio::ip::tcp::endpoint&, bool) override {
        turned_away.push_back(std::move(socket));
    }

    TestLoop loop;
    TaskGroup tasks{loop.loop.get_executor()};
    AcceptLoop door{{std::move(listen_on(loop.loop.get_executor(), "127.0.0.1", 0).front())},
                    *this};
    std::vector<TcpSocket> guests;
    std::vector<TcpSocket> turned_away;
    std::function<void()> ill;  // what happens to the next newcomer
    int newcomers = 0;
    int shortages = 0;
};

}  // namespace

TEST_SUITE("accept loop") {
    TEST_CASE("what goes wrong with one newcomer costs that one alone, and is told") {
        const Logged log;
        Doorman doorman;
        doorman.open();
        doorman.ill = [] { throw std::runtime_error("no door fits this one"); };
        Client unlucky(doorman.port());
        const Client lucky(doorman.port());
        CHECK(doorman.lets_in(1));
        CHECK(doorman.newcomers == 2);
        CHECK(unlucky.closed_by_peer(1s));
        CHECK(log.count("127.0.0.1 could not be let in: no door fits this one") == 1);
    }

    TEST_CASE("without memory for a newcomer it rests, and goes on") {
        const Logged log;
        Doorman doorman;
        doorman.open();
        doorman.ill = [] { throw std::bad_alloc(); };
        const Client unlucky(doorman.port());
        const Client lucky(doorman.port());
        CHECK(doorman.lets_in(1));
        CHECK(log.count("no memory for one more connection") == 1);
    }

    TEST_CASE("a newcomer for whom there is no descriptor is turned away, not left waiting") {
        const Logged log;
        Doorman doorman;
        doorman.open();
        const Client unlucky(doorman.port());
        rlimit limit{};
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
        const int next = ::dup(STDIN_FILENO);
        ::close(next);
        // None above those that are open now.
        const rlimit none_left{static_cast<rlim_t>(next), limit.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &none_left) == 0);
        CHECK(doorman.loop.run_until([&] { return doorman.turned_away.size() == 1; }));
        doorman.turned_away.clear();
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
        CHECK(doorman.shortages == 1);
        CHECK(doorman.guests.empty());
        CHECK(log.count("raise the limit on open files") == 1);
        const Client lucky(doorman.port());
        CHECK(doorman.lets_in(1));
    }

    TEST_CASE("a wait that fails is told, and begun again") {
        const Logged log;
        Doorman doorman;
        doorman.open();
        const Client first(doorman.port());
        REQUIRE(doorman.lets_in(1));
        // The turn after the newcomer ends in the next wait.
        doorman.loop.loop.poll();
        doorman.door.acceptor().cancel();
        REQUIRE(doorman.loop.run_until([&] { return log.count("cannot wait") == 1; }));
        const Client second(doorman.port());
        CHECK(doorman.lets_in(2));
        CHECK(log.lines().size() == 1);
    }

    TEST_CASE("ends when it is told to leave, in a wait and in a pause") {
        const Logged log;
        for (const bool in_a_pause : {false, true}) {
            Doorman doorman;
            doorman.open();
            doorman.loop.loop.poll();
            if (in_a_pause) {
                doorman.door.acceptor().cancel();
                doorman.loop.loop.poll();
            }
            CHECK(doorman.tasks.size() == 1);
            doorman.tasks.leave();
            doorman.loop.loop.poll();
            CHECK(doorman.tasks.size() == 0);
        }
        CHECK(log.count("cannot wait") == 1);
    }
}
