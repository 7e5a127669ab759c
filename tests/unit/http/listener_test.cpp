#include "http/wire/listener.hpp"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

using asio::ip::tcp;
using onlooker::TcpAcceptor;
using onlooker::http::listen;
using onlooker::http::listen_on;
using onlooker::http::ListenAddress;

namespace {

bool has_ipv6() {
    asio::io_context loop;
    asio::error_code error;
    tcp::acceptor probe(loop);
    probe.open(tcp::v6(), error);
    if (!error)
        probe.bind({asio::ip::address_v6::loopback(), 0}, error);
    return !error;
}

bool answers(const char* address, std::uint16_t port) {
    asio::io_context loop;
    tcp::socket socket(loop);
    asio::error_code error;
    socket.connect({asio::ip::make_address(address), port}, error);
    return !error;
}

}  // namespace

TEST_SUITE("listener") {
    TEST_CASE("localhost is both loopbacks, on one port") {
        asio::io_context loop;
        for (const char* name : {"localhost", "LocalHost"}) {
            const std::vector<TcpAcceptor> acceptors = listen_on(loop.get_executor(), name, 0);
            const std::uint16_t port = acceptors.front().local_endpoint().port();
            CHECK(acceptors.size() == (has_ipv6() ? 2 : 1));
            CHECK(answers("127.0.0.1", port));
            CHECK(answers("::1", port) == has_ipv6());
        }
    }

    TEST_CASE("a single address is that one alone") {
        asio::io_context loop;
        const auto acceptors = listen_on(loop.get_executor(), "127.0.0.1", 0);
        CHECK(acceptors.size() == 1);
        CHECK_FALSE(answers("::1", acceptors.front().local_endpoint().port()));
    }

    TEST_CASE("all addresses of IPv6 are those of IPv4 too") {
        if (!has_ipv6())
            return;
        asio::io_context loop;
        const auto acceptors = listen_on(loop.get_executor(), "::", 0);
        const std::uint16_t port = acceptors.front().local_endpoint().port();
        CHECK(answers("127.0.0.1", port));
        CHECK(answers("::1", port));
    }

    TEST_CASE("an interface is listened on by its name") {
        asio::io_context loop;
        ListenAddress address;
        address.name = "lo";
        address.port = 0;
        for (const auto place : {ListenAddress::Place::interface, ListenAddress::Place::host}) {
            address.place = place;
            const auto listeners = listen(loop.get_executor(), address, false);
            REQUIRE(listeners.size() == 1);
            CHECK(answers("127.0.0.1", listeners.front().acceptor.local_endpoint().port()));
        }
        address.place = ListenAddress::Place::interface;
        address.name = "nonesuch0";
        CHECK_THROWS_WITH_AS(listen(loop.get_executor(), address, false),
                             "cannot listen on %nonesuch0:0: No such device: there is no such "
                             "network interface; `ip link` shows those there are",
                             std::runtime_error);
    }

    TEST_CASE("a port that is taken on one of the addresses is an error that names it") {
        asio::io_context loop;
        for (const std::string address : {"127.0.0.1", "::1"}) {
            if (address == "::1" && !has_ipv6())
                continue;
            const auto taken = listen_on(loop.get_executor(), address, 0);
            const std::uint16_t port = taken.front().local_endpoint().port();
            try {
                listen_on(loop.get_executor(), "localhost", port);
                FAIL("taken twice");
            } catch (const std::runtime_error& error) {
                const std::string words = error.what();
                CAPTURE(words);
                CHECK(words.find(address) != std::string::npos);
                CHECK(words.find("another program listens there") != std::string::npos);
            }
        }
    }
}
