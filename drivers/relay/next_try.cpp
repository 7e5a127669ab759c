#include "relay/next_try.hpp"

#include <utility>

namespace onlooker::drivers {

namespace {

// The connection ended before anything came.
bool died(CURLcode code) {
    return code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR;
}

bool turned_on(bool& flag) {
    return !std::exchange(flag, true);
}

}  // namespace

void NextTry::begin() {
    on_a_new_connection_ = false;
    without_memory_ = false;
}

bool NextTry::after(const Failed& failed) {
    const bool refused = failed.code == CURLE_HTTP_RETURNED_ERROR;
    // A server may close a connection that waits at any time, and the request that crosses this may
    // be repeated (RFC 9112, 9.3.1 and 9.5). libcurl does so too, but counts over the life of its
    // handle and gives up at the sixth. Some servers say 408 before they close.
    if (failed.connection_was_used &&
        ((died(failed.code) && !failed.has_answer) || (refused && failed.status == 408)))
        return turned_on(on_a_new_connection_);
    // A nonce or a session that has ended without the server saying so: "stale" is forgotten by
    // many (RFC 7616, 3.3).
    if (refused && (failed.status == 401 || failed.status == 403) && failed.has_memory)
        return turned_on(without_memory_);
    // "Content-Encoding: binary", or "utf-8": browsers pass over a coding that they do not know.
    if (failed.code == CURLE_BAD_CONTENT_ENCODING)
        return turned_on(undecoded_);
    // "Content-Length: -1", and two that differ: browsers and ffmpeg read on.
    if (failed.code == CURLE_WEIRD_SERVER_REPLY)
        return turned_on(ignores_content_length_);
    if (failed.code == CURLE_PEER_FAILED_VERIFICATION && failed.has_pins)
        return turned_on(pinned_);
    return false;
}

}  // namespace onlooker::drivers
