#include "opencv/reader.hpp"

#include <poll.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <utility>

#include "base/clock.hpp"
#include "base/wake_fd.hpp"
#include "opencv/video_source.hpp"

namespace onlooker::drivers {

namespace {

using namespace std::chrono_literals;
using camera::CameraError;
using camera::ErrorKind;

// Until `event` or the stop of `context`, or until `limit` has passed.
void wait_for(const WakeFd& event, camera::CaptureContext& context, int limit_ms) {
    std::array<pollfd, 2> waits{pollfd{event.get(), POLLIN, 0},
                                pollfd{context.stop_descriptor(), POLLIN, 0}};
    ::poll(waits.data(), waits.size(), limit_ms);
    // OpenCV's controls are not offered; a change that waits would keep the descriptor readable.
    if (waits[1].revents != 0 && !context.stop_requested())
        context.take_control_changes();
}

}  // namespace

// What the reader's thread and the driver share; goes with the last of them.
struct Handover {
    std::mutex mutex;
    std::condition_variable changed;  // for the thread: taken, or abandoned
    WakeFd news;                      // for the driver: a picture, or the end
    WakeFd gone;                      // the thread has released the device

    bool has_picture = false;
    ReadPicture offered;
    cv::Mat spare;
    std::string notice;
    bool abandoned = false;
    bool ended = false;
    std::exception_ptr error;

    bool is_abandoned() {
        const std::scoped_lock lock(mutex);
        return abandoned;
    }

    cv::Mat take_spare() {
        const std::scoped_lock lock(mutex);
        return std::exchange(spare, {});
    }

    void offer(ReadPicture&& picture) {
        std::unique_lock lock(mutex);
        if (picture.is_file)
            changed.wait(lock, [this] { return !has_picture || abandoned; });
        if (has_picture) {
            picture.lost = offered.lost + 1;
            spare = std::move(offered.mat);
        }
        offered = std::move(picture);
        has_picture = true;
        news.raise();
    }

    void end(std::exception_ptr reason) {
        const std::scoped_lock lock(mutex);
        ended = true;
        error = std::move(reason);
        news.raise();
    }
};

namespace {

CameraError end_of(const OpencvSettings& options, bool any) {
    // A stream from a network that has ended says nothing of its camera.
    if (any)
        return {options.device().empty() ? ErrorKind::failed : ErrorKind::unplugged,
                fmt::format("{} gives no more pictures", options.shown)};
    return {ErrorKind::no_signal,
            fmt::format("{} can be opened, but gives no picture", options.shown)};
}

void note_what_is_missing(const OpencvSettings& options, const VideoSource& source,
                          Handover& handover) {
    if (!options.mjpeg.value_or(false) || source.is_raw())
        return;
    const std::scoped_lock lock(handover.mutex);
    handover.notice =
        fmt::format("{} cannot be had as MJPEG: its pictures are decoded{} and encoded again",
                    options.shown, source.is_turned() ? ", turned upright" : "");
}

// Whether it is worth beginning again: a file that has ended, and is to loop.
bool read_to_the_end(const OpencvSettings& options, Handover& handover) {
    VideoSource source(options);
    note_what_is_missing(options, source, handover);
    bool any = false;
    while (!handover.is_abandoned()) {
        ReadPicture picture;
        picture.mat = handover.take_spare();
        if (!source.read(picture.mat)) {
            if (any && source.is_file())
                return options.loop;
            throw end_of(options, any);
        }
        any = true;
        picture.captured = SteadyClock::now();
        picture.is_file = source.is_file();
        picture.position = source.position();
        picture.period = source.period();
        handover.offer(std::move(picture));
    }
    return false;
}

// The thread. `handover` and `options` are its own; nothing else may be touched, for whoever
// started it may be gone.
void run(const std::shared_ptr<Handover>& handover, const OpencvSettings& options) {
    try {
        while (read_to_the_end(options, *handover)) {
        }
        handover->end(nullptr);
    } catch (...) {
        handover->end(std::current_exception());
    }
    handover->gone.raise();
}

}  // namespace

Reader::Reader(const OpencvSettings& options)
    : handover_(std::make_shared<Handover>()),
      thread_([handover = handover_, options] { run(handover, options); }) {}

Reader::~Reader() {
    {
        const std::scoped_lock lock(handover_->mutex);
        handover_->abandoned = true;
    }
    handover_->changed.notify_one();
    constexpr int patience_ms = 40;  // a camera at 30 pictures per second is done by then
    pollfd gone{handover_->gone.get(), POLLIN, 0};
    ::poll(&gone, 1, patience_ms);
    if (gone.revents != 0)
        thread_.join();
    else
        thread_.detach();
}

bool Reader::take(ReadPicture& picture, camera::CaptureContext& context) {
    while (!context.stop_requested()) {
        {
            const std::scoped_lock lock(handover_->mutex);
            if (handover_->has_picture) {
                handover_->news.lower();
                std::swap(picture, handover_->offered);
                handover_->spare = std::exchange(handover_->offered.mat, {});
                handover_->has_picture = false;
                handover_->changed.notify_one();
                if (handover_->ended)
                    handover_->news.raise();
                return true;
            }
            if (handover_->error)
                std::rethrow_exception(handover_->error);
            if (handover_->ended)
                return false;
        }
        wait_for(handover_->news, context, -1);
    }
    return false;
}

std::string Reader::take_notice() {
    const std::scoped_lock lock(handover_->mutex);
    return std::exchange(handover_->notice, {});
}

bool wait_until_gone(const Handover& handover, camera::CaptureContext& context,
                     std::chrono::milliseconds limit) {
    const auto end = SteadyClock::now() + limit;
    while (!context.stop_requested()) {
        pollfd gone{handover.gone.get(), POLLIN, 0};
        if (::poll(&gone, 1, 0) > 0)
            return true;
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - SteadyClock::now());
        if (rest <= 0ms)
            return false;
        wait_for(handover.gone, context, static_cast<int>(rest.count()));
    }
    return false;
}

}  // namespace onlooker::drivers
