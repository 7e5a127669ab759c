#include "app/service_manager.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/logged.hpp"
#include "support/test_loop.hpp"

using namespace std::chrono_literals;
using onlooker::UniqueFd;
using onlooker::app::ServiceManager;
using onlooker::test::Logged;
using onlooker::test::TestLoop;

namespace {

// The receiving end of $NOTIFY_SOCKET, at an abstract name.
class Manager {
  public:
    Manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(static_cast<char*>(address.sun_path) + 1, name_.data() + 1, name_.size() - 1);
        REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                       static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size())) ==
                0);
    }

    const std::string& name() const { return name_; }

    const std::vector<std::string>& said() {
        std::array<char, 512> octets{};
        for (ssize_t n = 0; (n = ::recv(socket_.get(), octets.data(), octets.size(), 0)) > 0;)
            said_.emplace_back(octets.data(), static_cast<std::size_t>(n));
        return said_;
    }

  private:
    std::string name_ = fmt::format("@onlooker-unit-{}", ::getpid());
    UniqueFd socket_;
    std::vector<std::string> said_;
};

struct Fixture {
    ServiceManager make(ServiceManager::Settings settings) {
        settings.socket = manager.name();
        return ServiceManager(
            loop.loop.get_executor(), settings, [this] { return line; }, [this] { return wrong; });
    }

    TestLoop loop;
    Manager manager;
    std::string line = "1 camera";
    std::string wrong;
};

}  // namespace

TEST_SUITE("what the service manager is told") {
    TEST_CASE("settings are those of this process alone") {
        const auto own = ServiceManager::settings_from(
            {{"NOTIFY_SOCKET", "/run/x"}, {"WATCHDOG_USEC", "3000000"}, {"WATCHDOG_PID", "7"}}, 7);
        CHECK(own.socket == "/run/x");
        CHECK(own.watchdog == 3s);
        CHECK_FALSE(
            ServiceManager::settings_from({{"WATCHDOG_USEC", "3000000"}, {"WATCHDOG_PID", "8"}}, 7)
                .watchdog);
        CHECK_FALSE(ServiceManager::settings_from({{"WATCHDOG_USEC", "soon"}}, 7).watchdog);
        CHECK_FALSE(ServiceManager::settings_from({{"WATCHDOG_USEC", "-5"}}, 7).watchdog);
    }

    TEST_CASE("without a manager nothing is told, and nothing fails") {
        TestLoop loop;
        ServiceManager nobody(
            loop.loop.get_executor(), {}, [] { return std::string(); },
            [] { return std::string(); });
        nobody.ready();
        nobody.changed();
        nobody.stopping();
        CHECK_FALSE(nobody.is_there());
    }

    TEST_CASE_FIXTURE(Fixture, "it is ready with its line of status, and says when it ends") {
        ServiceManager service = make({});
        service.ready();
        service.stopping();
        REQUIRE(manager.said().size() == 2);
        CHECK(manager.said()[0] == "READY=1\nSTATUS=1 camera");
        CHECK(manager.said()[1].starts_with("STOPPING=1\n"));
    }

    TEST_CASE_FIXTURE(Fixture, "many changes are told once, and a line that is the same is not") {
        ServiceManager service = make({.socket = {}, .watchdog = {}, .status_at_most_every = 20ms});
        service.ready();
        for (const char* next : {"a", "b", "c"}) {
            line = next;
            service.changed();
        }
        CHECK(loop.run_until([&] { return manager.said().size() > 1; }));
        service.changed();
        loop.loop.run_for(60ms);
        REQUIRE(manager.said().size() == 2);
        CHECK(manager.said()[1] == "STATUS=c");
    }

    TEST_CASE_FIXTURE(Fixture, "the watchdog is fed from the loop, and not while something hangs") {
        const Logged log;
        ServiceManager service = make({.socket = {}, .watchdog = 40ms});
        service.ready();
        const auto fed = [&] { return std::ranges::count(manager.said(), "WATCHDOG=1"); };
        CHECK(loop.run_until([&] { return fed() >= 3; }));
        wrong = "camera yard: its driver hangs";
        const auto before = fed();
        CHECK(loop.run_until([&] { return log.count("camera yard: its driver hangs") == 1; }));
        loop.loop.run_for(60ms);
        CHECK(fed() == before);
        CHECK(log.count("the watchdog is not told") == 1);
        wrong.clear();
        CHECK(loop.run_until([&] { return fed() > before; }));
        // A program that ends has nothing left to wait for.
        service.stopping();
        const auto at_the_end = fed();
        loop.loop.run_for(60ms);
        CHECK(fed() == at_the_end);
    }
}
