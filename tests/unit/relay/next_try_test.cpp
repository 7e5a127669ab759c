#include "relay/next_try.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using onlooker::drivers::NextTry;

TEST_SUITE("next try") {
    TEST_CASE("a kept connection that died is followed by one new one in each request") {
        NextTry next;
        for (const CURLcode code : {CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR}) {
            next.begin();
            CHECK_FALSE(next.after({.code = code, .connection_was_used = false}));
            CHECK_FALSE(
                next.after({.code = code, .connection_was_used = true, .has_answer = true}));
            CHECK(next.after({.code = code, .connection_was_used = true}));
            CHECK(next.on_a_new_connection());
            CHECK_FALSE(next.after({.code = code, .connection_was_used = true}));
        }
    }

    TEST_CASE("408 on a connection that was kept means the connection") {
        NextTry next;
        NextTry::Failed failed{
            .code = CURLE_HTTP_RETURNED_ERROR, .status = 408, .has_answer = true};
        CHECK_FALSE(next.after(failed));
        failed.connection_was_used = true;
        CHECK(next.after(failed));
        CHECK_FALSE(next.after(failed));
    }

    TEST_CASE("a refusal is answered once without what was remembered, if anything was") {
        for (const long status : {401, 403}) {
            NextTry next;
            NextTry::Failed failed{
                .code = CURLE_HTTP_RETURNED_ERROR, .status = status, .has_answer = true};
            CHECK_FALSE(next.after(failed));
            failed.has_memory = true;
            CHECK(next.after(failed));
            CHECK(next.without_memory());
            CHECK_FALSE(next.after(failed));
            next.begin();
            CHECK_FALSE(next.without_memory());
        }
    }

    TEST_CASE("a server's mistakes are remembered from request to request") {
        NextTry next;
        CHECK(next.after({.code = CURLE_BAD_CONTENT_ENCODING}));
        CHECK(next.after({.code = CURLE_WEIRD_SERVER_REPLY}));
        CHECK_FALSE(next.after({.code = CURLE_PEER_FAILED_VERIFICATION}));
        CHECK(next.after({.code = CURLE_PEER_FAILED_VERIFICATION, .has_pins = true}));
        next.begin();
        CHECK(next.undecoded());
        CHECK(next.ignores_content_length());
        CHECK(next.pinned());
        CHECK_FALSE(next.after({.code = CURLE_BAD_CONTENT_ENCODING}));
        CHECK_FALSE(next.after({.code = CURLE_PEER_FAILED_VERIFICATION, .has_pins = true}));
    }

    TEST_CASE("what has nothing to do with any of that is not tried again") {
        NextTry next;
        for (const CURLcode code : {CURLE_COULDNT_CONNECT, CURLE_PARTIAL_FILE, CURLE_WRITE_ERROR})
            CHECK_FALSE(
                next.after({.code = code, .connection_was_used = true, .has_memory = true}));
    }
}
