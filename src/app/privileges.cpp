#include "app/privileges.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "base/logging.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

// The user that packages make, as packaging/systemd has it.
constexpr const char* packaged_user = "onlooker";

// Who may open cameras, and their graphics processors, in Debian and its like.
constexpr std::array<const char*, 2> device_groups{"video", "render"};

constexpr int most_groups = 256;

std::vector<gid_t> groups_of(const char* name, gid_t first) {
    std::vector<gid_t> groups(most_groups);
    int count = most_groups;
    if (::getgrouplist(name, first, groups.data(), &count) < 0)
        throw std::runtime_error(
            fmt::format("user {} is in more than {} groups", escaped(name), most_groups));
    groups.resize(static_cast<std::size_t>(count));
    for (const char* device_group : device_groups) {
        const group* const entry = ::getgrnam(device_group);
        if (entry != nullptr && std::ranges::find(groups, entry->gr_gid) == groups.end())
            groups.push_back(entry->gr_gid);
    }
    return groups;
}

void become(const passwd& user) {
    const std::string name = user.pw_name;
    const uid_t uid = user.pw_uid;
    const gid_t gid = user.pw_gid;
    const std::vector<gid_t> groups = groups_of(name.c_str(), gid);
    // In this order: without root nobody may change their groups. glibc sees to it that all threads
    // change.
    if (::setgroups(groups.size(), groups.data()) != 0 || ::setresgid(gid, gid, gid) != 0 ||
        ::setresuid(uid, uid, uid) != 0)
        throw std::runtime_error(
            fmt::format("cannot become user {}: {}", escaped(name), std::strerror(errno)));
    logging::info("started by root, going on as user {}", escaped(name));
}

// The name of the user whom this process is, or the number.
std::string own_name() {
    const passwd* const self = ::getpwuid(::geteuid());
    return self == nullptr ? fmt::format("{}", ::geteuid()) : readable(self->pw_name);
}

}  // namespace

void give_up_new_privileges() noexcept {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void give_up_root(const std::string& user) {
    const passwd* const named = user.empty() ? nullptr : ::getpwnam(user.c_str());
    if (!user.empty() && named == nullptr)
        throw std::runtime_error(
            fmt::format("--user {}: there is no such user; `getent passwd` lists those there are",
                        escaped(user)));
    if (::geteuid() != 0) {
        if (named != nullptr && named->pw_uid != ::geteuid())
            throw std::runtime_error(fmt::format(
                "--user {}: only root can become another user; leave it out", escaped(user)));
        return;
    }
    if (named != nullptr) {
        if (named->pw_uid != 0)
            become(*named);
        return;
    }
    if (const passwd* const packaged = ::getpwnam(packaged_user))
        return become(*packaged);
    logging::warn(
        "this runs as root, which it has no need for: say --user NAME, with a user who may open "
        "the cameras, or make a user {} (useradd --system {})",
        packaged_user, packaged_user);
}

std::string unreadable_words(const std::string& file) {
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0 || errno != EACCES)
        return {};
    const std::string user = own_name();
    const auto folder = std::filesystem::absolute(file).parent_path();
    if (::faccessat(AT_FDCWD, folder.c_str(), X_OK, AT_EACCESS) != 0)
        return fmt::format(
            "user {} may not look into the folder {}, so changes of {} are not taken up while this "
            "runs: keep it in a folder that this user may enter",
            user, readable(folder.string()), readable(file));
    return fmt::format(
        "user {} may not read {}, so changes of it are not taken up while this runs; as root: "
        "chown {} {}",
        user, readable(file), user, readable(file));
}

}  // namespace onlooker::app
