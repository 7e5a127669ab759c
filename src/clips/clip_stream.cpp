#include "clips/clip_stream.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <span>
#include <utility>

#include "clips/muxer_loader.hpp"
#include "media/frame.hpp"

namespace onlooker::clips {

namespace {

// A time-lapse is played at 25 pictures a second.
constexpr std::chrono::microseconds of_time_lapse{40'000};

}  // namespace

ClipStream::ClipStream(Executor executor, const ClipModule& module,
                       std::shared_ptr<ClipSource> source, Settings settings)
    : executor_(executor),
      module_(module),
      source_(std::move(source)),
      settings_(std::move(settings)) {}

ClipStream::~ClipStream() {
    source_->on_news({});
}

Awaitable<> ClipStream::run(http::StreamConnection& connection) {
    source_->sent_through(&connection.transport());
    source_->on_news([this] { bell_.ring(); });
    connection.on_leave([this] { source_->end(); });
    co_await record(connection);
    connection.on_leave({});
    source_->sent_through(nullptr);
}

Awaitable<> ClipStream::record(http::StreamConnection& connection) {
    bool is_whole = true;
    while (is_whole) {
        const media::FramePtr frame = source_->take();
        if (frame) {
            write(*frame);
            is_whole = co_await send(connection);
            if (is_whole)
                source_->count_sent();
        } else if (source_->is_over()) {
            break;
        } else {
            co_await onlooker::run(executor_, wait_for_news());
        }
    }
    if (is_whole && muxer_) {
        muxer_->finish();
        is_whole = co_await send(connection);
    }
    tell(is_whole);
}

Task ClipStream::wait_for_news() {
    co_await bell_;
}

void ClipStream::write(const media::Frame& frame) {
    const media::Stamps& stamps = frame.stamps();
    if (!muxer_) {
        first_ = stamps.captured;
        MuxerSettings settings;
        settings.format = settings_.format;
        settings.width = frame.width();
        settings.height = frame.height();
        settings.title = source_->camera().settings().title;
        settings.begins = stamps.wall;
        if (settings_.is_time_lapse)
            settings.interval = of_time_lapse;
        muxer_ = module_.open(settings, [this](std::span<const std::byte> octets) {
            file_.insert(file_.end(), octets.begin(), octets.end());
        });
    }
    length_ = stamps.captured - first_;
    const auto time = settings_.is_time_lapse
                          ? of_time_lapse * static_cast<std::int64_t>(frames_)
                          : std::chrono::duration_cast<std::chrono::microseconds>(length_);
    muxer_->write(frame.jpeg(), time);
    ++frames_;
}

Awaitable<bool> ClipStream::send(http::StreamConnection& connection) {
    const std::array pieces{http::ConstBytes(file_)};
    const bool sent = co_await connection.write(pieces);
    octets_ += file_.size();
    file_.clear();
    co_return sent;
}

void ClipStream::tell(bool is_whole) {
    settings_.log->write(
        spdlog::level::info, "clip of camera {}: {} frames of {:.1f} s as {}, {} octets{}{}",
        source_->camera().name(), frames_, std::chrono::duration<double>(length_).count(),
        to_string(settings_.format), octets_,
        source_->skipped() == 0
            ? std::string()
            : fmt::format("; {} skipped, for its reader was too slow", source_->skipped()),
        is_whole ? "" : "; its reader left early");
}

}  // namespace onlooker::clips
