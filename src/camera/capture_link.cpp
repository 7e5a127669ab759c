#include "camera/capture_link.hpp"

#include <asio/post.hpp>

#include <exception>
#include <new>
#include <thread>
#include <utility>
#include <variant>

#include "base/pace.hpp"
#include "camera/encode_workers.hpp"

namespace onlooker::camera {

std::vector<ControlChange> CaptureThread::Link::take_control_changes() {
    // Under the lock, so that the wake of a change that comes later is not forgotten with it.
    const std::lock_guard lock(mutex);
    signal.forget_wake();
    return std::exchange(changes, {});
}

void CaptureThread::Link::report_controls(std::vector<Control> reported) {
    std::unique_lock lock(mutex);
    controls = std::move(reported);
    post_delivery(std::move(lock));
}

void CaptureThread::Link::warn(std::string_view words) {
    // A driver that warns at each frame must not fill the memory of a loop that is busy.
    constexpr std::size_t most = 16;
    std::unique_lock lock(mutex);
    if (warnings.size() >= most)
        return;
    warnings.emplace_back(words);
    post_delivery(std::move(lock));
}

void CaptureThread::Link::run(Driver& driver) {
    CaptureEnd how;
    try {
        how = capture_to_the_end(driver);
    } catch (const std::bad_alloc&) {
        how.words = "no memory left";  // so short that it needs none
    }
    how.stopped = stop_requested();
    finish(std::move(how));
}

CaptureEnd CaptureThread::Link::capture_to_the_end(Driver& driver) {
    try {
        capture(driver);
        return {.words = "the source has no more pictures"};
    } catch (const CameraError& error) {
        return {.kind = error.kind(), .words = error.what()};
    } catch (const std::exception& error) {
        return {.words = std::string("the driver failed: ") + error.what()};
    } catch (...) {
        return {.words = "the driver failed with an exception of its own kind"};
    }
}

void CaptureThread::Link::capture(Driver& driver) {
    FrameMaker maker(settings.frames);
    // A slow camera that is opened just before its next picture gives two at once.
    Pace pace(settings.highest_rate, Pace::Second::passes);
    std::optional<EncodeWorkers> workers;
    if (settings.encode_workers > 0)
        workers.emplace(settings.encode_workers, settings.frames,
                        [this](FrameMaker::Result made) { accept(std::move(made)); });
    Generator<Captured> frames = driver.frames(*this);
    while (!stop_requested()) {
        const Captured* captured = frames.next();
        if (captured == nullptr)
            return;
        const bool passes = pace.lets_through(Clock::now());
        {
            const std::lock_guard lock(mutex);
            count(&Losses::device, captured->lost);
            count(&Losses::pace, passes ? 0 : 1);
        }
        if (passes)
            take(*captured, maker, workers ? &*workers : nullptr);
    }
}

void CaptureThread::Link::take(const Captured& captured, FrameMaker& maker,
                               EncodeWorkers* workers) {
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex);
        number = next_number++;
    }
    const bool is_raw = std::holds_alternative<media::RawImage>(captured.picture);
    if (workers != nullptr && is_raw) {
        if (workers->submit(captured, number, settings.makes_cards))
            return;
        const std::lock_guard lock(mutex);
        return count(&Losses::pace, 1);
    }
    // A JPEG is ready at once, and must not come before the raw pictures that are being encoded.
    if (workers != nullptr)
        workers->drain();
    accept(maker.make(captured, number, settings.makes_cards));
}

// On the capture thread, or on one worker at a time.
void CaptureThread::Link::accept(FrameMaker::Result made) {
    std::unique_lock lock(mutex);
    if (auto* unusable = std::get_if<FrameMaker::Unusable>(&made)) {
        count(&Losses::broken, 1);
        ++broken_untold;
        broken_why = std::move(unusable->why);
        if (!may_tell_broken(Clock::now()))
            return;
    } else {
        if (frame)
            count(&Losses::loop, 1);
        losses += std::exchange(own_losses, {});
        // The frame that is overtaken is freed after the lock is gone.
        std::swap(frame, std::get<media::FramePtr>(made));
    }
    post_delivery(std::move(lock));
}

void CaptureThread::Link::count(std::uint32_t Losses::* kind, std::uint32_t lost) noexcept {
    own_losses.*kind += lost;
    untold_losses.*kind += lost;
}

bool CaptureThread::Link::may_tell_broken(Clock::time_point now) const noexcept {
    return now - broken_told >= std::chrono::seconds(1);
}

void CaptureThread::Link::finish(CaptureEnd how) {
    {
        const std::lock_guard lock(mutex);
        end = std::move(how);
    }
    // A driver whose end nobody hears of would count as one that hangs.
    while (true) {
        try {
            return post_delivery(std::unique_lock(mutex));
        } catch (const std::bad_alloc&) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }
}

void CaptureThread::Link::post_delivery(std::unique_lock<std::mutex> lock) {
    // The post stays under the lock: once `receiver` is null the loop may be gone.
    if (receiver == nullptr || delivery_is_posted)
        return;
    asio::post(executor, [self = shared_from_this()] { self->deliver(); });
    // Behind the post, which may find no memory: the next one then tries again.
    delivery_is_posted = true;
    lock.unlock();
    // Where both share a core, the loop serves the viewers before this thread goes on.
    std::this_thread::yield();
}

void CaptureThread::Link::deliver() {
    std::unique_lock lock(mutex);
    delivery_is_posted = false;
    Receiver* const to = receiver;
    if (to == nullptr)
        return;
    media::FramePtr new_frame = std::exchange(frame, nullptr);
    const Losses new_losses = new_frame ? std::exchange(losses, {}) : Losses{};
    const Losses new_untold = std::exchange(untold_losses, {});
    std::uint32_t new_broken = 0;
    std::string why;
    if (const auto now = Clock::now(); broken_untold > 0 && (end || may_tell_broken(now))) {
        new_broken = std::exchange(broken_untold, 0);
        why = broken_why;
        broken_told = now;
    }
    auto new_controls = std::exchange(controls, std::nullopt);
    const auto new_warnings = std::exchange(warnings, {});
    const std::optional<CaptureEnd> new_end = end;
    if (new_end)
        receiver = nullptr;
    lock.unlock();

    if (new_controls)
        to->on_controls(std::move(*new_controls));
    for (const std::string& words : new_warnings)
        to->on_warning(words);
    if (new_untold.sum() > 0)
        to->on_losses(new_untold);
    if (new_broken > 0)
        to->on_broken(new_broken, why);
    if (new_frame)
        to->on_frame(std::move(new_frame), new_losses);
    // Nothing of this object may be touched behind the last word: the receiver may drop it.
    if (new_end)
        to->on_end(*new_end);
}

}  // namespace onlooker::camera
