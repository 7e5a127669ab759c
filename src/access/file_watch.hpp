// Tells when a file may have changed, by inotify on its folder: written in place, or replaced by a
// rename, also where it is a symbolic link and the link or its target is replaced.
//
// Owner: the directory of users. Thread: the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/awaitable.hpp"

namespace onlooker::access {

class FileWatch {
  public:
    // `changed` is called on the loop a fifth of a second after something happened in the folder,
    // also to other files. Where no watch can be had, a warning in the log says so, and `changed`
    // is never called.
    FileWatch(Executor executor, std::string path, std::function<void()> changed);
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;
    ~FileWatch();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace onlooker::access
