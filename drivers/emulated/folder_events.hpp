// What the kernel tells of a folder: files that were written and closed, moved in or out, deleted.
// On a share nothing is told of what other machines do, so who uses this has to look as well.
//
// Owner and thread: as its user's. Errors: none; where inotify is not to be had nothing is told.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace onlooker::drivers {

class FolderEvents {
  public:
    explicit FolderEvents(const std::filesystem::path& folder);

    // Whether anything was told since the last call.
    bool take();

    // Whether that file was closed by who wrote it, or moved there, since forget().
    bool is_finished(const std::string& name) const { return finished_.contains(name); }
    void forget() { finished_.clear(); }

  private:
    void take_one(std::string_view octets, std::size_t& at);

    UniqueFd inotify_;
    std::set<std::string> finished_;
};

}  // namespace onlooker::drivers
