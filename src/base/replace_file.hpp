// Replaces a file as a whole: whoever reads it, and whoever starts after a power cut, finds the old
// text or the new one, never a part.
//
// Thread: any that may block; it waits for the disk.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"

namespace onlooker {

// The new file is its owner's alone (mode 0600). Where `path` is a symbolic link, the file that it
// points to is replaced. Throws std::system_error whose words name the path and what failed.
void replace_file(const std::filesystem::path& path, std::string_view text);

// The same in steps, for who sets more of the new file than its text. It is written beside the old
// one, and goes unless it takes its place. Throws as replace_file.
class FileReplacement {
  public:
    // `path` is the file itself, no link to it, with its folder (replaceable_path).
    explicit FileReplacement(std::filesystem::path path);
    FileReplacement(const FileReplacement&) = delete;
    FileReplacement& operator=(const FileReplacement&) = delete;
    ~FileReplacement();

    int fd() const noexcept { return fd_.get(); }
    void write(std::string_view text);
    void take_place();

  private:
    std::filesystem::path path_;
    std::string name_;
    UniqueFd fd_;
    bool done_ = false;
};

// The file that `path` names: what a link points to, and with its folder.
std::filesystem::path replaceable_path(const std::filesystem::path& path);

}  // namespace onlooker
