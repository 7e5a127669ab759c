#include "http/host_names.hpp"

#include <unistd.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "http/machine_names.hpp"
#include "support/logged.hpp"

using namespace onlooker::http;
using onlooker::test::Logged;

namespace {

Request to_host(const std::string& host) {
    Request request;
    request.headers = {{"Host", host}};
    return request;
}

}  // namespace

TEST_SUITE("names of the server") {
    TEST_CASE("addresses and names that no attacker can have are accepted") {
        const HostNames names(std::vector<std::string>{});
        for (const char* host : {"127.0.0.1",
                                 "127.0.0.1:5000",
                                 "192.168.1.20:80",
                                 "8.8.8.8",
                                 "127.1",
                                 "2130706433",
                                 "127.0.0.1.",
                                 "[::1]",
                                 "[::1]:5000",
                                 "[fe80::1]",
                                 "[2001:db8::1]:80",
                                 "localhost",
                                 "LOCALHOST:5000",
                                 "localhost.",
                                 "localhost.:5000",
                                 "cam.localhost",
                                 "a",
                                 "printer:8080",
                                 "my_service",
                                 "mjpgstreamer1",
                                 ""}) {
            CAPTURE(host);
            CHECK(names.accept(host));
            CHECK_FALSE(names.refuse(to_host(host)));
        }
        CHECK_FALSE(names.refuse(Request{}));
    }

    TEST_CASE("names of the DNS are not, unless they are ours or allowed") {
        const HostNames names({"pi", "pi.local", "cam.example.org", "*.example.net"});
        for (const char* host : {"pi.local", "PI.Local:5000", "pi.local.", "cam.example.org",
                                 "a.example.net", "a.b.EXAMPLE.net:1"})
            CHECK(names.accept(host));
        for (const char* host :
             {"attacker.example", "attacker.example:5000", "pi.local.attacker.example",
              "127.0.0.1.attacker.example", "xpi.local", "a.pi.local", "x.cam.example.org",
              "example.net", "aexample.net", "localhost.attacker.example", "notlocalhost.x",
              "attacker%2eexample", "attacker%2eexample:80", "1.2.3.x", "a;b"}) {
            CAPTURE(host);
            CHECK_FALSE(names.accept(host));
        }
        CHECK(HostNames().accept("attacker.example"));
        CHECK(HostNames({"*"}).accept("attacker.example"));
    }

    TEST_CASE("the refusal and the log name the name and the option, and the log once") {
        const Logged log;
        const HostNames names(std::vector<std::string>{});
        for (int i = 0; i < 100; ++i) {
            const auto refusal = names.refuse(to_host("attacker.example:5000"));
            REQUIRE(refusal);
            CHECK(refusal->status == 421);
            CHECK(std::get<std::string>(refusal->body).find("--allow-host attacker.example\n") !=
                  std::string::npos);
        }
        CHECK(log.count("asked for attacker.example, which is no name of this machine") == 1);
        CHECK(log.count("--allow-host attacker.example") == 1);
        CHECK(log.lines().size() == 1);
        for (int i = 0; i < 1'000; ++i)
            (void)names.refuse(to_host("a" + std::to_string(i) + ".example"));
        CHECK(log.lines().size() < 20);
        const auto refusal = names.refuse(to_host(std::string(5'000, 'a') + ".b"));
        REQUIRE(refusal);
        CHECK(std::get<std::string>(refusal->body).size() < 400);
    }

    TEST_CASE("a machine is called what its own files say") {
        const auto etc =
            std::filesystem::temp_directory_path() / ("onlooker-etc-" + std::to_string(::getpid()));
        std::filesystem::create_directory(etc);
        std::ofstream(etc / "resolv.conf") << "# search no.example\nnameserver 10.0.0.1\n"
                                              "search lan  Home.ARPA\ndomain example.org\n";
        std::ofstream(etc / "hosts") << "127.0.0.1\tlocalhost ads.example\n0.0.0.0 x.example\n\n"
                                        "127.0.1.1 pi.fritz.box Pi # mine\n";
        CHECK(machine_names("Pi", etc) == std::vector<std::string>{"pi", "pi.local", "pi.lan",
                                                                   "pi.home.arpa", "pi.example.org",
                                                                   "pi.fritz.box"});
        std::filesystem::remove_all(etc);
        CHECK(machine_names("pi.example.org", etc) ==
              std::vector<std::string>{"pi.example.org", "pi", "pi.local"});
        CHECK(machine_names("", etc).empty());
    }
}
