// A unix socket that is listened on, and its file.
//
// The file of a server that is dead is replaced, that of one that lives is not. It goes with this
// object, unless another server has put its own in its place meanwhile.
//
// Owner: the accept loop. Thread: the loop, or before it runs.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "base/unique_fd.hpp"

namespace onlooker::http {

class SocketFile {
  public:
    // `mode`: who may connect, as chmod(2) takes it. Throws std::runtime_error that says what is in
    // the way and what to do.
    SocketFile(std::string path, mode_t mode);
    SocketFile(const SocketFile&) = delete;
    SocketFile& operator=(const SocketFile&) = delete;
    ~SocketFile();

    const std::string& path() const noexcept { return path_; }
    // Listens; does not block. May be taken once.
    UniqueFd take_socket() noexcept { return std::move(socket_); }

  private:
    std::string path_;
    UniqueFd socket_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace onlooker::http
