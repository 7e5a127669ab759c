#include "relay/next_try.hpp"

#include <doctest/doctest.h>

using onlooker::drivers::NextTry;

TEST_SUITE("a second try of a request") {
    TEST_CASE("a kept connection that had died is replaced, once in each request") {
        NextTry next;
        for (int request = 0; request < 20; ++request) {
            CAPTURE(request);
            next.begin();
            CHECK(!next.on_a_new_connection());
            const NextTry::Failed died{.code = CURLE_RECV_ERROR, .connection_was_used = true};
            CHECK(next.after(died));
            CHECK(next.on_a_new_connection());
            CHECK(!next.after(died));
        }
    }

    TEST_CASE("a new connection that dies, or one that dies within an answer, is a failure") {
        NextTry next;
        next.begin();
        CHECK(!next.after({.code = CURLE_GOT_NOTHING}));
        CHECK(!next.after(
            {.code = CURLE_RECV_ERROR, .connection_was_used = true, .has_answer = true}));
    }

    TEST_CASE("408 on a kept connection is how some servers say that it was closed") {
        NextTry next;
        next.begin();
        NextTry::Failed failed{.code = CURLE_HTTP_RETURNED_ERROR, .status = 408};
        CHECK(!next.after(failed));
        failed.connection_was_used = true;
        CHECK(next.after(failed));
    }

    TEST_CASE("a refused login is tried afresh only where an old one was sent") {
        NextTry next;
        next.begin();
        NextTry::Failed failed{.code = CURLE_HTTP_RETURNED_ERROR, .status = 401};
        CHECK(!next.after(failed));
        failed.has_memory = true;
        CHECK(next.after(failed));
        CHECK(next.without_memory());
        CHECK(!next.after(failed));
        next.begin();
        CHECK(!next.without_memory());
    }

    TEST_CASE("what is learnt of a server's mistakes stays") {
        NextTry next;
        next.begin();
        CHECK(next.after({.code = CURLE_BAD_CONTENT_ENCODING}));
        CHECK(next.after({.code = CURLE_WEIRD_SERVER_REPLY}));
        CHECK(!next.after({.code = CURLE_PEER_FAILED_VERIFICATION}));
        CHECK(next.after({.code = CURLE_PEER_FAILED_VERIFICATION, .has_pins = true}));
        next.begin();
        CHECK(next.undecoded());
        CHECK(next.ignores_content_length());
        CHECK(next.pinned());
        CHECK(!next.after({.code = CURLE_BAD_CONTENT_ENCODING}));
    }
}
