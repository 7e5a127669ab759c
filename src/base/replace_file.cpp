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

#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace onlooker {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const char* doing, const fs::path& path) {
    throw std::system_error(errno, std::generic_category(),
                            std::string(doing) + " " + readable(path.string()));
}

fs::path target_of(const fs::path& path) {
    std::error_code missing;
    fs::path target = fs::canonical(path, missing);
    return missing ? fs::absolute(path) : target;
}

void write_whole(int fd, std::string_view text, const fs::path& path) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno != EINTR)
            fail("cannot write", path);
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    if (::fsync(fd) != 0)
        fail("cannot write", path);
}

// So that the new name outlives a power cut, too. Some file systems have no fsync for folders.
void sync_folder(const fs::path& folder) {
    const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd)
        (void)::fsync(fd.get());
}

}  // namespace

void replace_file(const fs::path& path, std::string_view text) {
    const fs::path target = target_of(path);
    const fs::path folder = target.parent_path();
    std::string name = (folder / ("." + target.filename().string() + ".XXXXXX")).string();
    const UniqueFd file(::mkostemp(name.data(), O_CLOEXEC));  // mode 0600
    if (!file)
        fail("cannot write in the folder", folder);
    try {
        write_whole(file.get(), text, target);
        if (::rename(name.c_str(), target.c_str()) != 0)
            fail("cannot replace", target);
    } catch (...) {
        ::unlink(name.c_str());
        throw;
    }
    sync_folder(folder);
}

}  // namespace onlooker
