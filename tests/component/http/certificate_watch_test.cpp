#include "http/certificate_watch.hpp"

#include <asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "component/http/tls_files.hpp"
#include "component/http/tls_served.hpp"
#include "support/logged.hpp"

using namespace std::chrono_literals;
using namespace onlooker::http;
using namespace onlooker::http::test;
using onlooker::test::Logged;
using std::chrono::days;

namespace {

struct Watched {
    TlsFiles files;
    asio::io_context loop;
    CertificateWatch watch{loop.get_executor(), files.certificate(), files.key()};

    // A good certificate's end is a month from when it was made.
    CertificateWatch::WallTime before_end(std::chrono::seconds left) const {
        return watch.expires() - left;
    }
    bool names(std::string_view part) const {
        return watch.problem().find(part) != std::string::npos;
    }
};

}  // namespace

TEST_SUITE("certificate watch") {
    TEST_CASE("files that are the same are not read again") {
        Watched watched;
        const Logged log;
        watched.watch.check(watched.before_end(days(20)));
        CHECK(log.lines().empty());
    }

    TEST_CASE("a new pair is taken up, and what was told of the old one is over") {
        Watched watched;
        const auto old = watched.watch.expires();
        const Logged log;
        watched.files.renew(days(60));
        watched.watch.check(watched.before_end(days(20)));
        CHECK(watched.watch.expires() > old + days(20));
        CHECK(watched.watch.problem().empty());
        CHECK(log.count("was read again, for new connections; it expires on 20") == 1);
    }

    TEST_CASE("a broken pair keeps the old one, says why once, and is over with a good one") {
        Watched watched;
        const auto old = watched.watch.expires();
        const Logged log;
        std::filesystem::copy_file(watched.files.other_key(), watched.files.key(),
                                   std::filesystem::copy_options::overwrite_existing);
        for (int i = 0; i < 3; ++i)
            watched.watch.check(watched.before_end(days(20)));
        CHECK(watched.watch.expires() == old);
        CHECK(watched.names("does not belong to the certificate"));
        CHECK(log.count("stays in force") == 1);
        CHECK(log.count(watched.files.key()) == 1);

        std::filesystem::remove(watched.files.key());
        watched.watch.check(watched.before_end(days(20)));
        CHECK(watched.names("cannot read the TLS key"));
        watched.files.renew();
        watched.watch.check(watched.before_end(days(20)));
        CHECK(watched.watch.problem().empty());
    }

    TEST_CASE("a pair that has expired does not take the place of a good one") {
        Watched watched;
        const auto old = watched.watch.expires();
        watched.files.renew(-days(1));
        CHECK_FALSE(watched.watch.reload());
        CHECK(watched.names("expired on"));
        CHECK(watched.watch.expires() == old);
    }

    TEST_CASE("whoever asks for it has the files read even if they look the same") {
        Watched watched;
        const Logged log;
        CHECK(watched.watch.reload());
        CHECK(log.count("was read again") == 1);
        std::filesystem::remove(watched.files.certificate());
        CHECK_FALSE(watched.watch.reload());
        CHECK(watched.names("cannot read the TLS certificate"));
    }

    TEST_CASE("the end of a certificate is told once a day, from two weeks on") {
        Watched watched;
        const Logged log;
        watched.watch.check(watched.before_end(days(14) + 1h));
        CHECK(log.lines().empty());
        for (const auto left : {days(14) - 1h, days(14) - 2h, days(13) - 1h})
            watched.watch.check(watched.before_end(left));
        CHECK(log.count("expires in 13 days") == 1);
        CHECK(log.count("expires in 12 days") == 1);
        watched.watch.check(watched.before_end(-1s));
        CHECK(log.count("has expired: browsers will refuse it") == 1);
    }

    TEST_CASE("a swap drops nobody: old connections go on, new ones see the new certificate") {
        const Logged log;
        TlsServed server;
        const std::string old = TlsClient(server.port()).fingerprint();
        std::vector<std::unique_ptr<TlsClient>> viewers;
        std::vector<std::future<std::string>> answers;
        for (int i = 0; i < 20; ++i) {
            TlsClient& viewer = *viewers.emplace_back(std::make_unique<TlsClient>(server.port()));
            viewer.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
            // Slowly, so that the streams last longer than the swaps.
            answers.push_back(
                std::async(std::launch::async, [&viewer] { return viewer.receive_all(5ms); }));
        }
        for (int i = 0; i < 100; ++i) {
            server.files().renew();
            bool taken = false;
            server.served().on_loop(
                [&] { taken = server.served().server().certificate()->reload(); });
            CHECK(taken);
            TlsClient newcomer(server.port());
            CHECK(newcomer.connected());
            CHECK(newcomer.fingerprint() != old);
        }
        CHECK(log.count("was read again") == 100);
        for (std::size_t i = 0; i < viewers.size(); ++i) {
            CHECK(answers[i].get().size() > TlsServed::parts * TlsServed::part_octets);
            CHECK(viewers[i]->ended_well());
        }
    }
}
