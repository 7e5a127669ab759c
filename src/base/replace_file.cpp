#include "base/replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace onlooker {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* doing, const fs::path& path) {
    throw std::system_error(errno, std::generic_category(),
                            std::string(doing) + " " + readable(path.string()));
}

// So that the new name outlives a power cut, too. Some file systems have no fsync for folders.
void sync_folder(const fs::path& folder) {
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd)
        (void)::fsync(fd.get());
}

}  // namespace

fs::path replaceable_path(const fs::path& path) {
    std::error_code missing;
    fs::path real = fs::canonical(path, missing);
    return missing ? fs::absolute(path) : real;
}

FileReplacement::FileReplacement(fs::path path)
    : path_(std::move(path)),
      name_((path_.parent_path() / ("." + path_.filename().string() + ".XXXXXX")).string()),
      fd_(::mkostemp(name_.data(), O_CLOEXEC)) {  // mode 0600
    if (!fd_)
        fail("cannot write in the folder", path_.parent_path());
}

FileReplacement::~FileReplacement() {
    if (!done_)
        ::unlink(name_.c_str());
}

void FileReplacement::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd_.get(), text.data(), text.size());
        if (count < 0 && errno != EINTR)
            fail("cannot write", path_);
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    if (::fsync(fd_.get()) != 0)
        fail("cannot write", path_);
}

void FileReplacement::take_place() {
    if (::rename(name_.c_str(), path_.c_str()) != 0)
        fail("cannot replace", path_);
    done_ = true;
    sync_folder(path_.parent_path());
}

void replace_file(const fs::path& path, std::string_view text) {
    FileReplacement replacement(replaceable_path(path));
    replacement.write(text);
    replacement.take_place();
}

}  // namespace onlooker
