#include "app/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/wake_fd.hpp"

namespace onlooker::app {

namespace {

constexpr auto farewell = std::chrono::milliseconds(200);

}  // namespace

// ---- LogWriter ----

struct LogWriter::Shared {
    int fd = -1;
    std::size_t queue_lines = 0;
    WakeFd end_is_near;

    std::mutex mutex;
    std::condition_variable work;
    std::condition_variable done;
    std::deque<std::string> lines;
    std::uint64_t dropped = 0;
    std::uint64_t told = 0;  // of `dropped`, in the log itself
    std::optional<SteadyTime> leave_by;
    bool ended = false;

    // The next line to write, after a word about what is missing before it; nothing: the end.
    std::optional<std::string> next() {
        std::unique_lock lock(mutex);
        work.wait(lock, [&] { return !lines.empty() || leave_by; });
        if (lines.empty())
            return std::nullopt;
        if (const std::uint64_t missing = dropped - std::exchange(told, dropped); missing > 0)
            return fmt::format(
                "({} lines of the log are missing here: they came faster than they "
                "were read)\n",
                missing);
        std::string line = std::move(lines.front());
        lines.pop_front();
        return line;
    }

    // False: the time to leave came before the descriptor could take a line.
    bool wait_until_writable() {
        for (;;) {
            std::optional<SteadyTime> limit;
            {
                const std::lock_guard lock(mutex);
                limit = leave_by;
            }
            int timeout = -1;
            if (limit) {
                const auto rest =
                    std::chrono::ceil<std::chrono::milliseconds>(*limit - SteadyClock::now());
                timeout = static_cast<int>(std::max<std::int64_t>(rest.count(), 0));
            }
            pollfd waits[] = {{fd, POLLOUT, 0}, {limit ? -1 : end_is_near.get(), POLLIN, 0}};
            const int ready = ::poll(waits, 2, timeout);
            // An error or a closed reader counts as writable: write() then says what it is.
            if (waits[0].revents != 0)
                return true;
            if (ready == 0 || (ready < 0 && errno != EINTR))
                return false;
        }
    }

    // A log that cannot be written is no reason to stop; its lines go nowhere.
    void put(std::string_view line) {
        while (!line.empty() && wait_until_writable()) {
            const ssize_t written = ::write(fd, line.data(), line.size());
            if (written < 0 && errno != EINTR && errno != EAGAIN)
                return;
            if (written > 0)
                line.remove_prefix(static_cast<std::size_t>(written));
        }
    }
};

LogWriter::LogWriter(int fd, std::size_t queue_lines) : shared_(std::make_shared<Shared>()) {
    shared_->fd = fd;
    shared_->queue_lines = queue_lines;
    thread_ = std::thread(run, shared_);
}

LogWriter::~LogWriter() {
    finish();
}

void LogWriter::finish() {
    if (!thread_.joinable())
        return;
    std::unique_lock lock(shared_->mutex);
    shared_->leave_by = SteadyClock::now() + farewell;
    shared_->work.notify_one();
    shared_->end_is_near.raise();
    // Twice the time, for a thread that the machine does not let run.
    const bool ended = shared_->done.wait_until(lock, *shared_->leave_by + farewell,
                                                [&] { return shared_->ended; });
    lock.unlock();
    if (ended)
        thread_.join();
    else
        thread_.detach();
}

void LogWriter::write(std::string line) {
    if (line.size() > longest_line) {
        line.resize(longest_line - 4);
        line += "...\n";
    }
    const std::lock_guard lock(shared_->mutex);
    if (shared_->lines.size() == shared_->queue_lines) {
        shared_->lines.pop_front();
        ++shared_->dropped;
    }
    shared_->lines.push_back(std::move(line));
    shared_->work.notify_one();
}

void LogWriter::run(std::shared_ptr<Shared> shared) {
    ::pthread_setname_np(::pthread_self(), "log");
    while (const std::optional<std::string> line = shared->next())
        shared->put(*line);
    const std::lock_guard lock(shared->mutex);
    shared->ended = true;
    shared->done.notify_one();
}

// ---- Log ----

namespace {

class WriterSink : public spdlog::sinks::base_sink<std::mutex> {
  public:
    explicit WriterSink(std::shared_ptr<LogWriter> writer) : writer_(std::move(writer)) {}

  protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t line;
        formatter_->format(message, line);
        writer_->write(fmt::to_string(line));
    }
    void flush_() override {}

  private:
    std::shared_ptr<LogWriter> writer_;
};

// "<6>": the level as sd-daemon(3) has it.
class JournalLevel : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& into) override {
        using spdlog::level::level_enum;
        int priority = 6;
        if (message.level <= level_enum::debug)
            priority = 7;
        else if (message.level == level_enum::warn)
            priority = 4;
        else if (message.level >= level_enum::err)
            priority = 3;
        fmt::format_to(std::back_inserter(into), "<{}>", priority);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<JournalLevel>();
    }
};

// JOURNAL_STREAM holds device:inode of the journal's socket; a program that was started with its
// stderr sent elsewhere still inherits the variable.
bool is_journal(int fd) {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status{};
    if (stream == nullptr || ::fstat(fd, &status) != 0)
        return false;
    return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
        case LogLevel::off:
            return spdlog::level::off;
    }
    return spdlog::level::info;
}

}  // namespace

void prepare_standard_descriptors() {
    for (int fd = 0; fd <= 2; ++fd) {
        if (::fcntl(fd, F_GETFD) < 0)
            // The lowest free number is the one that is missing.
            [[maybe_unused]]
            const int opened = ::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
    }
    std::signal(SIGPIPE, SIG_IGN);
    // A job in the background of a terminal with `stty tostop` would stop with its first line, and
    // one whose log has reached the limit on the size of files would end.
    std::signal(SIGTTOU, SIG_IGN);
    std::signal(SIGTTIN, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void set_log_level(LogLevel level) {
    spdlog::set_level(spdlog_level(level));
}

Log::Log(LogLevel level) : writer_(std::make_shared<LogWriter>(STDERR_FILENO)) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<JournalLevel>('*').set_pattern(
        is_journal(STDERR_FILENO) ? "%*%v" : "%Y-%m-%d %H:%M:%S.%e %-7l %v");
    auto sink = std::make_shared<WriterSink>(writer_);
    sink->set_formatter(std::move(formatter));
    auto logger = std::make_shared<spdlog::logger>("onlooker", std::move(sink));
    logger->set_level(spdlog_level(level));
    spdlog::set_default_logger(std::move(logger));
}

Log::~Log() {
    // The sink holds the writer too; with the logger both go.
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("onlooker"));
}

}  // namespace onlooker::app
