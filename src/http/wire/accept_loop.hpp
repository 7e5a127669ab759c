// One listening socket, and the coroutine that accepts connections on it.
//
// Only leave() ends it; otherwise the server would look healthy and accept nobody. What goes wrong
// with one connection is logged and costs that one alone. When the socket itself fails, or the
// process has no descriptors or no memory left, accepting pauses and goes on; newcomers for whom
// there will be no descriptor are turned away with one that is kept for it, so that they do not
// wait in silence.
//
// Owner: Server; its coroutine is a task of a group. Thread: the loop.
#pragma once

#include <cstddef>

#include "base/awaitable.hpp"
#include "base/limited_log.hpp"
#include "base/task_group.hpp"
#include "base/unique_fd.hpp"
#include "http/wire/listener.hpp"

namespace onlooker::http {

class AcceptLoop final : public TaskGroup::Member {
  public:
    // Takes the new connections. `remote`: see peer_name.hpp. `secure`: it begins with TLS.
    class Host {
      public:
        // What it throws is logged.
        virtual void admit(TcpSocket socket, const asio::ip::tcp::endpoint& remote,
                           bool secure) = 0;
        // There are no descriptors, or there is no memory, for one more. True: a place will be free
        // in a moment.
        virtual bool run_short() = 0;
        // How many there are.
        virtual std::size_t connections() const noexcept = 0;
        // There is a descriptor for this one, but only until it has its answer.
        virtual void turn_away(TcpSocket socket, const asio::ip::tcp::endpoint& remote,
                               bool secure) = 0;

      protected:
        ~Host() = default;
    };

    // `host` outlives it.
    AcceptLoop(Listener listener, Host& host);

    // Accepts until it is told to leave.
    Awaitable<> run();

    void leave() override;
    void abort() override { leave(); }

    const Listener& listener() const noexcept { return listener_; }
    TcpAcceptor& acceptor() noexcept { return acceptor_; }

  private:
    // False when accepting has to pause.
    bool accept_batch();
    bool has_memory() const;
    asio::error_code accept(TcpSocket& socket, asio::ip::tcp::endpoint& remote);
    void turn_one_away();
    void keep_spare() noexcept;

    Listener listener_;
    TcpAcceptor& acceptor_ = listener_.acceptor;
    Host& host_;
    Timer pause_;
    LimitedLog shortages_;
    LimitedLog failures_;
    UniqueFd spare_;  // given up for a moment so that who waits in vain is told
    bool stopped_ = false;
};

}  // namespace onlooker::http
