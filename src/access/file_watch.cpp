#include "access/file_watch.hpp"

#include <unistd.h>

#include <asio/posix/basic_stream_descriptor.hpp>
#include <sys/inotify.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/logging.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

namespace onlooker::access {

namespace {

namespace fs = std::filesystem;

// Not IN_CREATE: a file that was just made is empty as yet.
constexpr std::uint32_t events_of_interest =
    IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE | IN_ONLYDIR;

// An editor makes several steps of one change.
constexpr std::chrono::milliseconds settling{200};

fs::path folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

struct FileWatch::State : std::enable_shared_from_this<State> {
    State(Executor executor, std::string watched, std::function<void()> call)
        : path(std::move(watched)),
          changed(std::move(call)),
          descriptor(executor),
          settled(executor) {}

    // That of the path, and, where that is a symbolic link, that of the file. A folder that is
    // watched already stays so.
    bool watch_folders() {
        std::error_code missing;
        const fs::path real = fs::canonical(path, missing);
        if (!missing)
            (void)::inotify_add_watch(descriptor.native_handle(), folder_of(real).c_str(),
                                      events_of_interest);
        return ::inotify_add_watch(descriptor.native_handle(), folder_of(path).c_str(),
                                   events_of_interest) >= 0;
    }

    void wait() {
        descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = shared_from_this()](const asio::error_code& error) {
                                  if (!error && self->changed)
                                      self->wait_until_settled();
                              });
    }

    void wait_until_settled() {
        settled.expires_after(settling);
        settled.async_wait([self = shared_from_this()](const asio::error_code& error) {
            if (!error && self->changed)
                self->look();
        });
    }

    void look() {
        // What changed does not matter: the file is read.
        while (::read(descriptor.native_handle(), events.data(), events.size()) > 0) {
        }
        (void)watch_folders();
        wait();
        const auto call = changed;
        call();
    }

    fs::path path;
    std::function<void()> changed;
    asio::posix::basic_stream_descriptor<Executor> descriptor;
    Timer settled;
    alignas(inotify_event) std::array<char, 4096> events{};
};

FileWatch::FileWatch(Executor executor, std::string path, std::function<void()> changed)
    : state_(std::make_shared<State>(executor, std::move(path), std::move(changed))) {
    UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    int error = errno;
    if (inotify) {
        state_->descriptor.assign(inotify.release());
        if (state_->watch_folders()) {
            state_->wait();
            return;
        }
        error = errno;
    }
    logging::warn("cannot watch {}: {}; when it changes, it is not read again by itself",
                  readable(state_->path.string()), std::strerror(error));
}

FileWatch::~FileWatch() {
    state_->changed = nullptr;
    asio::error_code ignored;
    state_->descriptor.close(ignored);
    state_->settled.cancel();
}

}  // namespace onlooker::access
