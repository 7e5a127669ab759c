// Notices that a client goes while its answer is being waited for, and reads nothing: what comes
// may be its next request.
//
// Ends at the first octet that comes, since behind it a FIN cannot be told without being woken
// again and again; a reset still can. peer_watch.hpp is the one for streams, which no request
// follows.
//
// Owner: whoever waits. Thread: the loop. Errors: without memory the constructor throws.
#pragma once

#include <functional>
#include <memory>

#include "base/awaitable.hpp"

namespace onlooker::http {

class DepartureWatch {
  public:
    // `gone` is called on the loop, from no coroutine, at most once, and never after the watch is
    // gone. The watch may go within that call.
    DepartureWatch(TcpSocket& socket, std::function<void()> gone);
    DepartureWatch(const DepartureWatch&) = delete;
    DepartureWatch& operator=(const DepartureWatch&) = delete;
    ~DepartureWatch();

  private:
    struct State;
    static void wait(std::shared_ptr<State> state, TcpSocket::wait_type event);

    std::shared_ptr<State> state_;
};

}  // namespace onlooker::http
