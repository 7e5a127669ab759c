#include "camera/device_watch.hpp"

#include <unistd.h>

#include <sys/inotify.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "base/logging.hpp"
#include "base/unique_fd.hpp"
#include "camera/repeated_warning.hpp"

namespace onlooker::camera {

namespace {

// A watch is made for each wait between two tries, and fails for the same reason each time.
bool may_warn(const std::string& words) {
    thread_local RepeatedWarning told;
    return told.admit(words, SteadyClock::now()).has_value();
}

}  // namespace

struct DeviceWatch::State : std::enable_shared_from_this<State> {
    static constexpr int not_yet = -2;

    State(Executor executor, std::string watched, std::function<void()> call)
        : path(std::move(watched)), appeared(std::move(call)), descriptor(executor) {}

    std::filesystem::path nearest_folder() const {
        std::filesystem::path folder = path.parent_path();
        std::error_code ignored;
        while (folder.has_relative_path() && !std::filesystem::is_directory(folder, ignored))
            folder = folder.parent_path();
        return folder;
    }

    // Watches the nearest folder above the path that is there.
    void watch_folder() {
        // A nearer one that appeared before the watch was set has made no event: looked for again.
        std::filesystem::path watched;
        while (watched != nearest_folder())
            watch_one(watched = nearest_folder());
    }

    void watch_one(const std::filesystem::path& folder) {
        const int now_watched = ::inotify_add_watch(descriptor.native_handle(), folder.c_str(),
                                                    IN_CREATE | IN_ATTRIB | IN_MOVED_TO);
        // The same folder gives the same number. (Taking a watch away makes an event of its own.)
        if (watch >= 0 && watch != now_watched)
            ::inotify_rm_watch(descriptor.native_handle(), watch);
        if (const int error = errno; now_watched < 0 && watch != now_watched &&
                                     may_warn(folder.string() + std::strerror(error)))
            logging::warn("cannot watch {} for {}: {}; it is tried again from time to time",
                          folder.string(), path.string(), std::strerror(error));
        watch = now_watched;
    }

    // A path that ends with '/' has no name of its own: it stands for what is in that folder.
    bool is_there() const {
        std::error_code ignored;
        return path.has_filename() ? std::filesystem::exists(path, ignored)
                                   : std::filesystem::is_directory(path.parent_path(), ignored);
    }

    void wait() {
        descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = shared_from_this()](const asio::error_code& error) {
                                  if (!error && self->appeared)
                                      self->look();
                              });
    }

    void look() {
        // Which names changed does not matter: the path is there or it is not.
        while (::read(descriptor.native_handle(), events.data(), events.size()) > 0) {
        }
        watch_folder();
        wait();
        if (is_there()) {
            const auto call = appeared;
            call();
        }
    }

    std::filesystem::path path;
    std::function<void()> appeared;
    asio::posix::basic_stream_descriptor<Executor> descriptor;
    int watch = not_yet;
    alignas(inotify_event) std::array<char, 4096> events{};
};

DeviceWatch::DeviceWatch(Executor executor, std::string path, std::function<void()> appeared)
    : state_(std::make_shared<State>(executor, std::move(path), std::move(appeared))) {
    UniqueFd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!inotify) {
        if (may_warn(state_->path.string()))
            logging::warn(
                "cannot watch for {}: no inotify instance is left "
                "(fs.inotify.max_user_instances); it is tried again from time to time",
                state_->path.string());
        return;
    }
    state_->descriptor.assign(inotify.release());
    state_->watch_folder();
    state_->wait();
}

DeviceWatch::~DeviceWatch() {
    state_->appeared = nullptr;
    asio::error_code ignored;
    state_->descriptor.close(ignored);
}

}  // namespace onlooker::camera
