// An answer onto a channel: head and body, whichever of the kinds that end by themselves. Thread:
// the loop.
#pragma once

#include "base/awaitable.hpp"
#include "http/message/response.hpp"
#include "http/wire/channel.hpp"

namespace onlooker::http {

// Anything but a stream. False when the connection is over after this answer. Both references are
// to outlive the coroutine.
Awaitable<bool> write_response(Channel& channel, Response& response, HeadOptions options);

}  // namespace onlooker::http
