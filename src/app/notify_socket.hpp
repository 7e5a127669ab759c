// The datagrams in which a service tells its manager how it is: "READY=1", "STATUS=...".
//
// Written out here as sd_notify(3) advises programs that do not want libsystemd: the protocol is
// stable, and a few lines long. The socket's address is in $NOTIFY_SOCKET, a path or, behind an
// '@', an abstract name; vsock addresses, for virtual machines, are not supported.
//
// Owner: the App, or whoever tells. Thread: one at a time; nothing here waits for the manager.
// Errors: what cannot be told is logged, a few times at most, and is no reason to stop.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/limited_log.hpp"
#include "base/unique_fd.hpp"

namespace onlooker::app {

class NotifySocket {
  public:
    // `address` as in $NOTIFY_SOCKET; empty: nobody wants to be told.
    explicit NotifySocket(std::string_view address);

    bool is_open() const noexcept { return static_cast<bool>(socket_); }

    // `state`: lines NAME=VALUE with '\n' between them. `descriptors` go along, for FDSTORE=1.
    void send(std::string_view state, std::span<const int> descriptors = {});

  private:
    std::string address_;  // as the kernel wants it: an abstract name begins with a NUL
    UniqueFd socket_;
    LimitedLog failures_;
};

}  // namespace onlooker::app
