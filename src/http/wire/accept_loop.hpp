// One listening socket, and the coroutine that accepts connections on it.
//
// Only leave() ends it; otherwise the server would look healthy and accept nobody. What goes wrong
// with one connection is logged and costs that one alone. When the socket itself fails, or the
// process has no descriptors or no memory left, accepting pauses and goes on.
//
// Owner: Server; its coroutine is a task of a group. Thread: the loop.
#pragma once

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "base/task_group.hpp"

namespace onlooker::http {

class AcceptLoop final : public TaskGroup::Member {
  public:
    // Takes the new connections.
    class Host {
      public:
        // What it throws is logged.
        virtual void admit(TcpSocket socket, const asio::ip::tcp::endpoint& remote) = 0;
        // There are no descriptors, or there is no memory, for one more.
        virtual void run_short() = 0;

      protected:
        ~Host() = default;
    };

    // `host` outlives it.
    AcceptLoop(TcpAcceptor acceptor, Host& host);

    // Accepts until it is told to leave.
    Awaitable<> run();

    void leave() override;
    void abort() override { leave(); }

    TcpAcceptor& acceptor() noexcept { return acceptor_; }

  private:
    // False when accepting has to pause.
    bool accept_batch();

    TcpAcceptor acceptor_;
    Host& host_;
    Timer pause_;
    LimitedLog shortages_;
    LimitedLog failures_;
    bool stopped_ = false;
};

}  // namespace onlooker::http
