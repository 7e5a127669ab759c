#include "http/wire/socket_file.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace onlooker::http {

namespace {

constexpr int backlog = 4096;  // the kernel cuts it to net.core.somaxconn

[[noreturn]] void fail(const std::string& path, std::string_view why, std::string_view advice) {
    throw std::runtime_error(fmt::format("cannot listen on unix:{}: {}; {}", path, why, advice));
}

[[noreturn]] void fail(const std::string& path, int error) {
    const char* advice = "choose another path for --listen";
    if (error == ENOENT)
        advice = "make the folder first, or choose another path";
    else if (error == EACCES || error == EPERM || error == EROFS)
        advice = "let the user who runs onlooker write to the folder, or choose another path";
    fail(path, std::system_category().message(error), advice);
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        fail(path, fmt::format("the path is longer than {} octets", sizeof address.sun_path - 1),
             "choose a shorter one");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

UniqueFd make_socket(const std::string& path) {
    UniqueFd made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!made)
        fail(path, errno);
    return made;
}

// Returns when nobody listens there any more.
void make_sure_it_is_dead(const std::string& path, const sockaddr_un& address) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0 && errno == ENOENT)
        return;
    if (!S_ISSOCK(status.st_mode))
        fail(path, "there is something else of that name",
             "remove it if it is of no use, or choose another path");
    const UniqueFd probe = make_socket(path);
    if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (errno == ECONNREFUSED || errno == ENOENT)
            return;
        // A service in a sandbox may listen, and not connect to others.
        if (errno == EPERM)
            fail(path, "there is a socket of that name, and onlooker may not ask who listens there",
                 "remove it if nobody does, or choose another path");
        // EAGAIN: it lives, and has no time at present.
        if (errno != EAGAIN)
            fail(path, errno);
    }
    fail(path, "another program listens there", "end it, or choose another path");
}

}  // namespace

SocketFile::SocketFile(std::string path, mode_t mode)
    : path_(std::move(path)), socket_(make_socket(path_)) {
    const sockaddr_un address = address_of(path_);
    // bind() gives the file the mode of the socket, so it never is open to more than are meant.
    ::fchmod(socket_.get(), mode);
    const auto bind_it = [&] {
        return ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
               0;
    };
    if (!bind_it()) {
        if (errno != EADDRINUSE)
            fail(path_, errno);
        make_sure_it_is_dead(path_, address);
        if (::unlink(path_.c_str()) != 0 && errno != ENOENT)
            fail(path_, errno);
        if (!bind_it())
            fail(path_, errno);
    }
    struct stat status{};
    // What the umask has taken away is given back.
    if (::chmod(path_.c_str(), mode) != 0 || ::stat(path_.c_str(), &status) != 0 ||
        ::listen(socket_.get(), backlog) != 0)
        fail(path_, errno);
    device_ = status.st_dev;
    inode_ = status.st_ino;
}

SocketFile::~SocketFile() {
    struct stat status{};
    if (::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_)
        ::unlink(path_.c_str());
}

}  // namespace onlooker::http
