#include "app/listening.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/listen_values.hpp"
#include "base/unique_fd.hpp"

using namespace onlooker;
using app::choose_listening;
using app::ConfigError;
using app::kept_name;
using app::Listening;
using app::Options;
using asio::ip::tcp;

namespace {

http::InheritedSocket socket_named(std::string name, const char* address = "127.0.0.1") {
    return {.fd = {},
            .name = std::move(name),
            .address = tcp::endpoint(asio::ip::make_address(address), 80)};
}

template <typename... Sockets>
Listening choose(const Options& options, Sockets... sockets) {
    std::vector<http::InheritedSocket> all;
    (all.push_back(std::move(sockets)), ...);
    return choose_listening(std::move(all), options);
}

}  // namespace

TEST_SUITE("which sockets the program listens on") {
    TEST_CASE("those of host and port when it was given none") {
        const Listening listening = choose({});
        CHECK(listening.addresses == Options{}.listen_addresses());
        CHECK_FALSE(listening.is_activated);
    }

    TEST_CASE("those of a unit, and then it need not keep any") {
        const Listening listening =
            choose({}, socket_named("onlooker.socket"),
                   socket_named(kept_name(Options{}.listen_addresses().front())));
        REQUIRE(listening.addresses.size() == 1);
        CHECK(listening.addresses.front().sockets.size() == 1);
        CHECK(listening.is_activated);
        CHECK(listening.stale == std::vector{kept_name(Options{}.listen_addresses().front())});
    }

    TEST_CASE("those that it had kept, as long as they are for the same address") {
        const std::string name = kept_name(Options{}.listen_addresses().front());
        CHECK(name.find(':') == std::string::npos);
        CHECK(choose({}, socket_named(name)).addresses.front().sockets.size() == 1);
        CHECK_FALSE(choose({}, socket_named(name)).is_activated);
        Options moved;
        moved.port = 81;
        CHECK(choose(moved, socket_named(name)).addresses == moved.listen_addresses());
        CHECK(choose(moved, socket_named(name)).stale == std::vector{name});
    }

    TEST_CASE("one that it had kept does not stand in the way of another address with its port") {
        const auto listen = [](const char* address, std::uint16_t port) {
            UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            const int yes = 1;
            ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
            const tcp::endpoint place(asio::ip::make_address(address), port);
            if (::bind(fd.get(), place.data(), static_cast<socklen_t>(place.size())) != 0 ||
                ::listen(fd.get(), 1) != 0)
                return UniqueFd();
            return fd;
        };
        UniqueFd kept = listen("127.0.0.1", 0);
        const auto place = http::listening_address(kept.get());
        REQUIRE(place);
        const UniqueFd of_manager(::dup(kept.get()));
        CHECK_FALSE(listen("0.0.0.0", place->port()));
        Options moved;
        moved.allow_public = true;
        moved.host = "0.0.0.0";
        moved.port = place->port();
        Options before = moved;
        before.host = "127.0.0.1";
        const Listening listening = choose(
            moved, http::InheritedSocket{.fd = std::move(kept),
                                         .name = kept_name(before.listen_addresses().front()),
                                         .address = place});
        CHECK(listening.stale.size() == 1);
        CHECK(listen("0.0.0.0", place->port()));
    }

    TEST_CASE("one that it had kept serves with a certificate as it did without") {
        CHECK(kept_name(app::parse_listen("https://[::1]:82")) ==
              kept_name(app::parse_listen("[::1]:82")));
    }

    TEST_CASE("one that other machines reach takes the user's word, as --host does") {
        Options options;
        CHECK_THROWS_AS((void)choose(options, socket_named("web", "0.0.0.0")), ConfigError);
        CHECK_NOTHROW((void)choose(options, socket_named("web", "::1")));
        CHECK_NOTHROW((void)choose(
            options, http::InheritedSocket{.fd = {}, .name = "unix", .address = std::nullopt}));
        options.allow_public = true;
        CHECK_NOTHROW((void)choose(options, socket_named("web", "0.0.0.0")));
        options.allow_public = false;
        options.users = "users";
        CHECK_NOTHROW((void)choose(options, socket_named("web", "0.0.0.0")));
    }

    TEST_CASE("those of several addresses are kept apart, and a unix socket is not kept") {
        Options options;
        for (const char* text : {"127.0.0.1:81", "[::1]:82", "%lo:83", "unix:/run/onlooker/socket"})
            options.listen.push_back(app::parse_listen(text));
        const std::string second = kept_name(options.listen[1]);
        const Listening listening =
            choose(options, socket_named(second, "::1"), socket_named(kept_name(options.listen[2])),
                   socket_named(kept_name(options.listen[3])));
        REQUIRE(listening.addresses.size() == 4);
        CHECK(listening.addresses[0].sockets.empty());
        CHECK(listening.addresses[1].sockets.size() == 1);
        CHECK(listening.addresses[2].sockets.size() == 1);
        CHECK(listening.addresses[3].sockets.empty());
        CHECK(listening.stale == std::vector{kept_name(options.listen[3])});
        CHECK_FALSE(app::can_be_kept(options.listen[3]));
    }
}
