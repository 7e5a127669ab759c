#include "v4l2/errors.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/text.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

using camera::CameraError;
using camera::ErrorKind;

std::string_view words_of(Step step) {
    switch (step) {
        case Step::opening:
            return "cannot be opened";
        case Step::querying:
            return "does not answer as a camera of the kernel (V4L2)";
        case Step::choosing_input:
            return "refused the input or standard";
        case Step::setting_format:
            return "refused the picture format";
        case Step::making_buffers:
            return "gave no buffers";
        case Step::starting:
            return "did not start";
        case Step::capturing:
            return "stopped giving pictures";
    }
    return "failed";
}

std::string name_of_user(uid_t user) {
    std::array<char, 4096> memory{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(user, &entry, memory.data(), memory.size(), &found) == 0 && found)
        return found->pw_name;
    return fmt::format("{}", user);
}

std::string name_of_group(gid_t group) {
    std::array<char, 4096> memory{};
    ::group entry{};
    ::group* found = nullptr;
    if (getgrgid_r(group, &entry, memory.data(), memory.size(), &found) == 0 && found)
        return found->gr_name;
    return fmt::format("{}", group);
}

unsigned handles_of(const std::filesystem::path& process, dev_t device) {
    unsigned count = 0;
    std::error_code error;
    for (std::filesystem::directory_iterator file(process / "fd", error), end;
         !error && file != end; file.increment(error)) {
        struct stat status{};
        if (::stat(file->path().c_str(), &status) == 0 && S_ISCHR(status.st_mode) &&
            status.st_rdev == device)
            ++count;
    }
    return count;
}

std::string command_of(const std::filesystem::path& process) {
    std::string name;
    std::getline(std::ifstream(process / "comm"), name);
    return name.empty() ? "a program" : escaped(name, 32);
}

CameraError busy(Step step, const std::string& path) {
    // Once it is open, one handle is that through which we learnt that it is busy.
    const Holders holders = holders_of(path);
    if (holders.own_handles > (step == Step::opening ? 0U : 1U))
        return {
            ErrorKind::busy,
            path + " is in use by another camera of this server: give each a device of its own"};
    if (holders.others.empty())
        return {
            ErrorKind::busy,
            fmt::format("{0} is in use by another program, which cannot be seen from here: 'sudo "
                        "fuser -v {0}' shows it; close it first",
                        path)};
    return {ErrorKind::busy,
            fmt::format("{} is in use by {}: close it first", path, holders.others)};
}

std::optional<CameraError> error_at_opening(int error, const std::string& path) {
    switch (error) {
        case ENOENT:
        case ENODEV:
        case ENXIO:
            return CameraError(ErrorKind::not_found,
                               path +
                                   " is not there: plug the camera in, or see "
                                   "'onlooker --list-cameras'");
        case EACCES:
            return CameraError(ErrorKind::no_permission, permission_words(path));
        case EPERM:
            return CameraError(ErrorKind::no_permission, sandbox_words(path));
        default:
            return std::nullopt;
    }
}

}  // namespace

Holders holders_of(const std::string& path, const std::string& proc) {
    struct stat device{};
    if (::stat(path.c_str(), &device) != 0 || !S_ISCHR(device.st_mode))
        return {};
    Holders holders;
    std::error_code error;
    for (std::filesystem::directory_iterator process(proc, error), end; !error && process != end;
         process.increment(error)) {
        const auto pid = parse_number<int>(process->path().filename().string());
        const unsigned handles = pid ? handles_of(process->path(), device.st_rdev) : 0;
        if (handles > 0 && *pid == ::getpid())
            holders.own_handles = handles;
        else if (handles > 0)
            holders.others += fmt::format("{}{} (pid {})", holders.others.empty() ? "" : ", ",
                                          command_of(process->path()), *pid);
    }
    return holders;
}

std::string permission_words(const std::string& path) {
    const std::string user = name_of_user(::geteuid());
    struct stat device{};
    if (::stat(path.c_str(), &device) != 0)
        return fmt::format("user '{}' may not open {}", user, path);
    const std::string group = name_of_group(device.st_gid);
    if ((device.st_mode & S_IRGRP) == 0 || device.st_gid == 0)
        return fmt::format(
            "user '{}' may not open {} (owner {}, group {}, mode {:03o}): if it does not get its "
            "group within a second of being plugged in, it needs a udev rule that gives it to "
            "group 'video'",
            user, path, name_of_user(device.st_uid), group, device.st_mode & 0777U);
    return fmt::format(
        "user '{0}' may not open {1}, which belongs to group '{2}': run "
        "'sudo usermod -aG {2} {0}' and log in again (a service: restart it)",
        user, path, group);
}

std::string sandbox_words(const std::string& path) {
    return fmt::format(
        "{0} is kept from onlooker by what it runs in, and not by the file's owner or group. A "
        "service of systemd opens what DeviceAllow= in its unit names, if the device's driver was "
        "loaded before the service: try 'sudo systemctl restart onlooker'. A container opens what "
        "it was given: --device {0}",
        path);
}

CameraError device_error(Step step, int error, const std::string& path) {
    if (step == Step::opening)
        if (auto known = error_at_opening(error, path))
            return *known;
    if (error == ENODEV || error == ENXIO)
        return {ErrorKind::unplugged, path + " was unplugged"};
    if (error == EBUSY)
        return busy(step, path);
    if (error == ENOLINK || error == ENOLCK)
        return no_signal(path, "lost its signal");
    if (step == Step::starting && error == ENOSPC)
        return {ErrorKind::failed,
                path +
                    " did not start: not enough USB bandwidth. Try a smaller size=, format=MJPEG, "
                    "a lower fps=, or another USB port (not behind the same hub)"};
    if (step == Step::querying && (error == ENOTTY || error == EINVAL))
        return failed(path, "is not a camera of the kernel (V4L2): see 'onlooker --list-cameras'");
    return failed(path,
                  fmt::format("{}: {} (errno {})", words_of(step), std::strerror(error), error));
}

CameraError failed(const std::string& path, std::string_view words) {
    return {ErrorKind::failed, fmt::format("{} {}", path, words)};
}

CameraError no_signal(const std::string& path, std::string_view words) {
    return {ErrorKind::no_signal, fmt::format("{} {}", path, words)};
}

}  // namespace onlooker::drivers::v4l2
