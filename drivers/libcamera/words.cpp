#include "libcamera/words.hpp"

#include <fcntl.h>
#include <grp.h>
#include <unistd.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "base/text.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

using camera::CameraError;
using camera::ErrorKind;

constexpr std::time_t new_for = 5;  // seconds

// The kernel makes a device's node the moment it has the device.
bool is_new(const std::string& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0)
        return false;
    const std::time_t age = std::time(nullptr) - facts.st_ctime;
    return age >= 0 && age < new_for;
}

// Names come from the device, and go to terminals and logs.
std::string printable(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return text;
}

constexpr const char* udev_socket = "/run/udev/control";

std::string group_of(const std::string& path) {
    struct stat facts{};
    if (::stat(path.c_str(), &facts) != 0)
        return {};
    struct group entry{};
    struct group* found = nullptr;
    std::vector<char> room(4096);
    if (::getgrgid_r(facts.st_gid, &entry, room.data(), room.size(), &found) != 0 ||
        found == nullptr)
        return std::to_string(facts.st_gid);
    return found->gr_name;
}

// Opened to see: access() asks for owner and group alone, and not whether a sandbox keeps it away.
int refusal_of(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return errno;
    ::close(file);
    return 0;
}

CameraError forbidden(const SystemFacts& facts) {
    if (facts.refusal == EPERM)
        return {ErrorKind::no_permission,
                "libcamera: " + facts.forbidden_nodes.front() +
                    " is kept from onlooker by what it runs in: a service of systemd opens what "
                    "DeviceAllow= in its unit names, if the device's driver was loaded before the "
                    "service (try sudo systemctl restart onlooker), a container what it was given "
                    "(--device)"};
    const std::string group = facts.group.empty() ? "video" : facts.group;
    return {ErrorKind::no_permission,
            "libcamera: no permission to open " + facts.forbidden_nodes.front() +
                "; the user must be in the group " + group + " (sudo usermod -aG " + group +
                " $USER, then log in again)"};
}

}  // namespace

SystemFacts look_at_system() {
    SystemFacts facts;
    std::error_code error;
    for (std::filesystem::directory_iterator entry("/dev", error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string path = entry->path().string();
        if (entry->path().filename().string().starts_with("media"))
            facts.media_nodes.push_back(path);
    }
    std::ranges::sort(facts.media_nodes);
    for (const std::string& path : facts.media_nodes) {
        const int refusal = refusal_of(path);
        if (refusal != EACCES && refusal != EPERM)
            continue;
        if (facts.forbidden_nodes.empty())
            facts.refusal = refusal;
        facts.forbidden_nodes.push_back(path);
    }
    facts.arriving = std::ranges::any_of(facts.media_nodes, is_new);
    if (!facts.forbidden_nodes.empty())
        facts.group = group_of(facts.forbidden_nodes.front());
    facts.udev_runs = ::access(udev_socket, F_OK) == 0;
    return facts;
}

CameraError no_camera(const SystemFacts& facts) {
    if (!facts.forbidden_nodes.empty())
        return forbidden(facts);
    if (!facts.media_nodes.empty() && !facts.udev_runs)
        return {ErrorKind::not_found,
                "libcamera shows no camera, although there is " + facts.media_nodes.front() +
                    ": it lists only devices that udev has seen, and udev does not run here (in a "
                    "container, share /run/udev with it)"};
    if (!facts.media_nodes.empty())
        return {ErrorKind::not_found,
                "libcamera shows no camera, although there is " + facts.media_nodes.front() +
                    ": it may have no support for this device, or lack its module (package "
                    "libcamera-ipa); try the driver v4l2"};
    return {ErrorKind::not_found,
            "libcamera found no camera; is it plugged in, its ribbon cable the right way round, "
            "and known to the system (on a Raspberry Pi: camera_auto_detect in config.txt)?"};
}

CameraError no_such_camera(std::string_view source, const std::vector<CameraName>& cameras,
                           const SystemFacts& facts) {
    if (cameras.empty())
        return no_camera(facts);
    std::string list;
    for (std::size_t i = 0; i < cameras.size(); ++i)
        list += (i == 0 ? "" : ", ") + std::to_string(i) + " is " + title_of(cameras[i]);
    return {ErrorKind::not_found, "libcamera has no camera, or more than one, that " +
                                      escaped(source) + " could mean; there are: " + list};
}

CameraError cannot_acquire(const std::string& title, int error) {
    const int number = error < 0 ? -error : error;
    if (number == EBUSY)
        return {ErrorKind::busy,
                "the camera " + title +
                    " is in use by another program, or by another camera of this "
                    "one; close it there. Another user's program cannot be seen from "
                    "here: 'sudo fuser -v /dev/media* /dev/video*' shows it"};
    if (number == EPERM)
        return {ErrorKind::no_permission,
                "the camera " + title +
                    " is kept from onlooker by what it runs in, a service of systemd (DeviceAllow= "
                    "in its unit) or a container (--device)"};
    if (number == EACCES)
        return {ErrorKind::no_permission, "no permission to use the camera " + title +
                                              "; the user must be in the group video"};
    if (number == ENODEV)
        return unplugged(title);
    return {ErrorKind::failed,
            "the camera " + title + " cannot be opened: " + std::strerror(number)};
}

CameraError cannot_start(const std::string& title, int error) {
    const int number = error < 0 ? -error : error;
    if (number == ENOSPC)
        return {ErrorKind::failed,
                "not enough USB bandwidth for the camera " + title +
                    "; try another socket, a smaller size or fps, or format=mjpeg"};
    if (number == EBUSY || number == ENODEV)
        return cannot_acquire(title, number);
    return {ErrorKind::failed, "the camera " + title + " does not start: " + std::strerror(number)};
}

CameraError unplugged(const std::string& title) {
    return {ErrorKind::unplugged,
            "the camera " + title + " was unplugged; it goes on when it is back"};
}

std::string title_of(const CameraName& camera) {
    if (camera.model.empty())
        return printable(camera.id);
    return printable(camera.model) + " (" + printable(camera.id) + ")";
}

}  // namespace onlooker::drivers::libcamera_driver
