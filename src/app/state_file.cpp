#include "app/state_file.hpp"

#include <unistd.h>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <fstream>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "app/camera_spec.hpp"
#include "base/lazy_timer.hpp"
#include "base/limited_log.hpp"
#include "base/logging.hpp"
#include "base/replace_file.hpp"
#include "base/running_clock.hpp"
#include "base/text.hpp"
#include "base/thread_priority.hpp"

namespace onlooker::app {

namespace {

namespace fs = std::filesystem;

// The file as text. Nothing: there is none. Throws ValueError.
std::optional<std::string> read(const fs::path& file) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found)
        return std::nullopt;
    if (!error && !fs::is_regular_file(status))
        throw ValueError("it is no file");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text(KeptControls::longest_text + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.eof() && !stream)
        throw ValueError(fmt::format("it cannot be read: {}", std::strerror(errno)));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

// "state.json.broken-20261128-101500"
fs::path name_aside(const fs::path& file) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return file.string() + fmt::format(".broken-{:%Y%m%d-%H%M%S}", fmt::gmtime(now));
}

// False: it stands where it stood, and must not be replaced.
bool keep_aside(const fs::path& file, std::string_view why) {
    const fs::path aside = name_aside(file);
    std::error_code error;
    // A folder that was named by mistake stays where it is.
    if (fs::is_regular_file(file, error) && std::rename(file.c_str(), aside.c_str()) == 0) {
        logging::warn(
            "--state-file {}: {}; it is kept as {}, and no control is set as it was before",
            readable(file.string()), why, readable(aside.filename().string()));
        return true;
    }
    logging::warn(
        "--state-file {}: {}; no control is set as it was before, and none is kept until this is a "
        "file that may be replaced, and onlooker is started again",
        readable(file.string()), why);
    return false;
}

// Nothing is wrong with a folder that is there and may be written in.
void prepare_folder(const fs::path& file) {
    const fs::path folder = fs::absolute(file).parent_path();
    std::error_code error;
    if (fs::create_directories(folder, error) && !error)
        fs::permissions(folder, fs::perms::owner_all, error);
    if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0)
        error = {errno, std::generic_category()};
    if (error)
        logging::warn(
            "--state-file {}: what is set on cameras' controls cannot be kept: {}; its folder must "
            "be one in which the user may write who runs this",
            readable(file.string()), error.message());
}

}  // namespace

struct StateFile::State : std::enable_shared_from_this<State> {
    State(Executor executor, Settings chosen)
        : loop(executor), settings(std::move(chosen)), ended(executor, SteadyTime::max()) {
        if (!settings.write)
            settings.write = &replace_file;
    }

    void load() {
        prepare_folder(settings.file);
        try {
            if (const auto text = read(settings.file))
                kept = KeptControls::parse(*text);
        } catch (const std::exception& error) {
            may_write = keep_aside(settings.file, error.what());
        }
    }

    void on_change() {
        is_dirty = true;
        // One that is set already stays as it is.
        if (!is_writing && may_write)
            settled.set(RunningClock::now() + settings.settling);
    }

    void write_now() {
        if (!is_dirty || is_writing || !may_write || !start_thread())
            return;
        is_dirty = false;
        is_writing = true;
        asio::post(*thread, [self = shared_from_this(), text = kept.text()] {
            self->write_on_thread(text);
        });
    }

    bool start_thread() {
        if (thread)
            return true;
        try {
            thread = std::make_unique<asio::thread_pool>(1);
        } catch (const std::system_error& error) {
            failures.write(spdlog::level::err, "--state-file: no thread can be started: {}",
                           error.what());
            return false;
        }
        asio::post(*thread, &give_way_to_the_loop);
        return true;
    }

    void write_on_thread(const std::string& text) {
        std::string why;
        try {
            settings.write(settings.file, text);
        } catch (const std::exception& error) {
            why = error.what();
        }
        while (true) {
            try {
                return asio::post(loop,
                                  [self = shared_from_this(), why] { self->on_written(why); });
            } catch (const std::bad_alloc&) {
                // The end of the program waits for it.
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            }
        }
    }

    void on_written(const std::string& why) {
        is_writing = false;
        if (!why.empty())
            failures.write(spdlog::level::warn,
                           "--state-file {}: what was set on cameras' controls is not kept: {}",
                           readable(settings.file.string()), why);
        if (is_dirty && is_closed)
            write_now();
        else if (is_dirty)
            settled.set(RunningClock::now() + settings.settling);
        else
            is_dirty = !why.empty() && !is_closed;
        if (!is_writing)
            ended.cancel();
    }

    Executor loop;
    Settings settings;
    KeptControls kept;
    bool may_write = true;
    bool is_dirty = false;    // something is not written, and no writing of it is under way
    bool is_writing = false;  // the thread has a text
    bool is_closed = false;
    LazyTimer settled{loop, [this] { write_now(); }};
    Timer ended;
    LimitedLog failures{{.at_once = 1, .interval = std::chrono::minutes(10)}};
    std::unique_ptr<asio::thread_pool> thread;  // once it was needed
};

StateFile::StateFile(Executor loop, Settings settings)
    : state_(std::make_shared<State>(loop, std::move(settings))) {
    state_->load();
}

StateFile::~StateFile() {
    state_->settled.set(std::nullopt);
    if (state_->thread)
        state_->thread->join();
    state_->thread.reset();
}

std::vector<camera::ControlChange> StateFile::controls_of(
    const std::string& camera, const KeptControls::Configured& configured) const {
    return state_->kept.of(camera, configured);
}

void StateFile::keep(const std::string& camera, const camera::ControlChange& change,
                     const KeptControls::Configured& configured) {
    if (state_->kept.keep(camera, change, configured))
        state_->on_change();
}

void StateFile::close() {
    state_->is_closed = true;
    state_->settled.set(std::nullopt);
    state_->write_now();
}

Awaitable<bool> StateFile::wait_closed(SteadyTime limit) {
    while (state_->is_writing && RunningClock::now() < limit) {
        state_->ended.expires_at(limit);
        co_await state_->ended.async_wait(as_result);
    }
    co_return !state_->is_writing;
}

}  // namespace onlooker::app
