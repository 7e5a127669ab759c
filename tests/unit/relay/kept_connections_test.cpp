// Connections that were kept and are no more: libcurl counts its own retries over the life of a
// handle, and gives up at the sixth.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>

#include "unit/relay/relayed.hpp"

using namespace onlooker::test;

namespace {

// Answers the first request of each connection and does `next` to the second one.
template <typename Next>
UpstreamDouble answering_once(Next next) {
    return UpstreamDouble([next](Visit& visit) {
        if (visit.read_request().empty())
            return;
        visit.send(snapshot(jpeg(std::to_string(visit.number()))));
        if (!visit.read_request().empty())
            next(visit);
    });
}

void check_twelve_polls(const UpstreamDouble& upstream) {
    const Watched watched = watch(upstream.url(), 13, {{"fps", "100"}});
    REQUIRE(watched.pictures.size() == 13);
    for (std::size_t i = 0; i < 13; ++i)
        CHECK(watched.pictures[i] == jpeg(std::to_string(i + 1)));
    CHECK(watched.warnings.empty());
}

}  // namespace

TEST_SUITE("kept connections of the relay") {
    TEST_CASE("twelve polls, each on a kept connection that ends under it, all succeed") {
        check_twelve_polls(answering_once([](Visit&) {}));
        check_twelve_polls(answering_once([](Visit& visit) { visit.reset(); }));
    }

    TEST_CASE("twelve polls, each on a kept connection that is answered with 408, all succeed") {
        check_twelve_polls(answering_once([](Visit& visit) {
            visit.send(
                "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        }));
        const auto always = answering("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
        const std::string words = error_of(always.url()).what();
        CHECK(words.find("408") != words.npos);
    }
}
