#include "access/users_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>

#include "access/links.hpp"
#include "base/replace_file.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace onlooker::access {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view heading =
    "# Who may use onlooker. Changed by onlooker user, token, link and key (see onlooker user "
    "--help);\n"
    "# a server that has it as --users follows. Nobody else may read it: mode 0600.\n";

constexpr std::string_view folder_advice = "it must belong to the user who runs this";

// `doing`: "cannot read".
[[noreturn]] void fail(std::string_view doing, const std::string& path, int error,
                       std::string_view advice = "") {
    throw UsersFileError(fmt::format("{} {}: {}{}{}", doing, readable(path),
                                     std::system_category().message(error),
                                     advice.empty() ? "" : "; ", advice));
}

std::string missing_advice(const std::string& path) {
    return fmt::format("make it with: onlooker user add NAME --users {}", readable(path));
}

struct stat status_of(int fd, const std::string& path) {
    struct stat status{};
    if (::fstat(fd, &status) != 0)
        fail("cannot read", path, errno);
    return status;
}

void check_protection(const struct stat& status, const std::string& path) {
    if (!S_ISREG(status.st_mode))
        throw UsersFileError(fmt::format("{} is no file", readable(path)));
    const uid_t self = ::geteuid();
    if (self != 0 && status.st_uid != 0 && status.st_uid != self)
        throw UsersFileError(fmt::format(
            "{} belongs to another user (uid {}), who could let anybody in; as root: chown {} {}",
            readable(path), status.st_uid, self, readable(path)));
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw UsersFileError(fmt::format("{} can be used by others (mode {:04o}): chmod 600 {}",
                                         readable(path), status.st_mode & 07777U, readable(path)));
}

UniqueFd open_file(const std::string& path) {
    // What is no file, and would block, is told from its status.
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (const int error = errno; !file)
        fail("cannot read", path, error,
             error == ENOENT   ? missing_advice(path)
             : error == EACCES ? "it should belong to the user who runs onlooker"
                               : "");
    return file;
}

std::string read_whole(int fd, const std::string& path) {
    std::string text;
    text.resize(UsersText::longest_text + 1);
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(fd, text.data() + size, text.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail("cannot read", path, errno);
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    if (size > UsersText::longest_text)
        throw UsersFileError(fmt::format("{} is larger than 1 MiB", readable(path)));
    text.resize(size);
    return text;
}

// The folder of the file, locked for as long as this lives: nothing stays behind, as a lock's file
// would.
UniqueFd lock_folder(const fs::path& folder) {
    UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        fail("cannot open the folder", folder.string(), errno);
    for (int tries = 0; tries < 100; ++tries) {
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0)
            return fd;
        if (errno != EWOULDBLOCK && errno != EINTR)
            fail("cannot lock the folder", folder.string(), errno);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    fail("cannot lock the folder", folder.string(), EWOULDBLOCK,
         "another onlooker seems to change the file; try again");
}

void belong_like(int file, const struct stat& old, const std::string& path) {
    const bool owner_stays = old.st_uid == ::geteuid() && old.st_gid == ::getegid();
    if (!owner_stays && ::fchown(file, old.st_uid, old.st_gid) != 0 && old.st_uid != ::geteuid())
        fail("cannot keep the owner of", path, errno);
    if (::fchmod(file, old.st_mode & S_IRWXU) != 0)
        fail("cannot keep the mode of", path, errno);
}

// A new file that root makes in somebody's folder is for that user, who would not be able to read
// it otherwise. (Others cannot give a file away.)
void belong_to_owner_of(int file, int folder, const std::string& path) {
    if (::geteuid() != 0)
        return;
    const struct stat owner = status_of(folder, path);
    if (::fchown(file, owner.st_uid, owner.st_gid) != 0)
        fail("cannot set the owner of", path, errno);
}

// Of base/replace_file.hpp, with what to do.
[[noreturn]] void fail_to_replace(const std::system_error& error) {
    std::string_view advice;
    // Docker mounts a single file so that nothing can be renamed over it.
    if (error.code() == std::errc::device_or_resource_busy)
        advice = "mount its folder instead of the file";
    else if (error.code() == std::errc::permission_denied)
        advice = folder_advice;
    throw UsersFileError(fmt::format("{}{}{}", error.what(), advice.empty() ? "" : "; ", advice));
}

// What is there before an edit.
struct Before {
    Before(const std::string& path, const fs::path& real, IfMissing if_missing) {
        std::error_code error;
        if (if_missing == IfMissing::make && !fs::exists(real, error)) {
            text = heading;
        } else {
            const UniqueFd file = open_file(real.string());
            status = status_of(file.get(), path);
            check_protection(*status, path);
            text = read_whole(file.get(), path);
        }
        users = UsersText::parse(text, path, UsersText::Hashes::as_they_are);
    }

    std::optional<struct stat> status;  // nothing: it is new
    std::string text;
    UsersText users;
};

WallTime wall_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

std::string read_users_text(const std::string& path) {
    const UniqueFd file = open_file(path);
    check_protection(status_of(file.get(), path), path);
    return read_whole(file.get(), path);
}

UsersText read_users_file(const std::string& path) {
    return UsersText::parse(read_users_text(path), path);
}

UsersText users_to_edit(const std::string& path, IfMissing if_missing) {
    const fs::path real = replaceable_path(path);
    if (::access(real.parent_path().c_str(), W_OK | X_OK) != 0)
        fail("cannot write in the folder", real.parent_path().string(), errno, folder_advice);
    return Before(path, real, if_missing).users;
}

void edit_users_file(const std::string& path, IfMissing if_missing,
                     const std::function<void(UsersText&)>& edit) {
    const fs::path real = replaceable_path(path);
    const UniqueFd folder = lock_folder(real.parent_path());
    Before before(path, real, if_missing);
    UsersText& users = before.users;
    edit(users);
    if (!active_key(users.all<LinkKey>()))
        rotate_link_key(users);
    forget_old_links(users, wall_now());
    const std::string after = users.text();
    if (after == before.text)
        return;
    if (after.size() > UsersText::longest_text)
        throw UsersFileError(fmt::format("{} would be larger than 1 MiB", readable(path)));
    try {
        FileReplacement replacement(real);
        if (before.status)
            belong_like(replacement.fd(), *before.status, path);
        else
            belong_to_owner_of(replacement.fd(), folder.get(), path);
        replacement.write(after);
        replacement.take_place();
    } catch (const std::system_error& error) {
        fail_to_replace(error);
    }
}

}  // namespace onlooker::access
