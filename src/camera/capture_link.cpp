#include "camera/capture_link.hpp"

#include <asio/post.hpp>

#include <cassert>
#include <exception>
#include <new>
#include <thread>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "base/pace.hpp"
#include "camera/encode_workers.hpp"

namespace onlooker::camera {

std::vector<ControlChange> CaptureThread::Link::take_control_changes() {
    assert(capture_thread.is_here());
    // Under the lock, so that the wake of a change that comes later is not forgotten with it.
    const std::lock_guard lock(mutex);
    signal.forget_wake();
    return std::exchange(changes, {});
}

void CaptureThread::Link::report_controls(std::vector<Control> reported) {
    assert(capture_thread.is_here());
    std::unique_lock lock(mutex);
    parcel.controls = std::move(reported);
    post_delivery(std::move(lock));
}

void CaptureThread::Link::warn(std::string_view words) {
    assert(capture_thread.is_here());
    // A driver that warns at each frame must not fill the memory of a loop that is busy.
    constexpr std::size_t most = 16;
    std::unique_lock lock(mutex);
    if (parcel.warnings.size() >= most)
        return;
    parcel.warnings.emplace_back(words);
    post_delivery(std::move(lock));
}

void CaptureThread::Link::explain_silence(std::string_view words) {
    assert(capture_thread.is_here());
    std::unique_lock lock(mutex);
    parcel.silence = words;
    post_delivery(std::move(lock));
}

void CaptureThread::Link::run(Driver& driver) {
    assert(capture_thread.is_here());
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
        return {.kind = error.kind(), .words = error.what(), .retry = error.retry()};
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
    if (settings.same.on() && !settings.makes_cards)
        same.emplace(settings.same, settings.frames.allow_truncated);
    Generator<Captured> frames = driver.frames(*this);
    while (!stop_requested()) {
        const Captured* captured = frames.next();
        if (captured == nullptr)
            return;
        const SteadyTime taken = SteadyClock::now();
        const bool passes = pace.lets_through(taken);
        const bool held = passes && same && holds_back(*captured, taken);
        std::uint64_t number = 0;
        {
            const std::lock_guard lock(mutex);
            losses.device += captured->lost;
            losses.pace += passes ? 0 : 1;
            number = passes && !held ? next_number++ : 0;
        }
        if (held)
            tell_same();
        if (!passes || held || (workers && encode_beside(*captured, number, *workers)))
            continue;
        maker.keep_planes(wants_planes.load(std::memory_order_relaxed));
        FrameMaker::Result made = maker.make(*captured, number, settings.makes_cards);
        if (same && std::holds_alternative<media::FramePtr>(made))
            same->keep(*captured, taken);
        accept(std::move(made));
    }
}

bool CaptureThread::Link::holds_back(const Captured& captured, SteadyTime taken) {
    if (last_is_unusable.exchange(false, std::memory_order_relaxed))
        same->forget();
    return same->holds_back(captured, taken, wanted_after.load(std::memory_order_relaxed));
}

// The loop hears of each, since a camera whose pictures stay the same is no camera that stalled.
void CaptureThread::Link::tell_same() {
    std::unique_lock lock(mutex);
    ++parcel.same;
    parcel.silence.reset();
    post_delivery(std::move(lock));
}

bool CaptureThread::Link::encode_beside(const Captured& captured, std::uint64_t number,
                                        EncodeWorkers& workers) {
    if (!std::holds_alternative<media::RawImage>(captured.picture)) {
        // A JPEG is ready at once, and must not come before the raw pictures that are being
        // encoded.
        workers.drain();
        return false;
    }
    if (!workers.submit(captured, number, settings.makes_cards,
                        wants_planes.load(std::memory_order_relaxed))) {
        const std::lock_guard lock(mutex);
        ++losses.pace;
    } else if (same) {
        same->keep(captured, SteadyClock::now());
    }
    return true;
}

// On the capture thread, or on one worker at a time.
void CaptureThread::Link::accept(FrameMaker::Result made) {
    std::unique_lock lock(mutex);
    if (auto* unusable = std::get_if<FrameMaker::Unusable>(&made)) {
        ++losses.broken;
        last_is_unusable.store(true, std::memory_order_relaxed);
        broken_why = std::move(unusable->why);
        if (!may_tell_broken(SteadyClock::now()))
            return;
    } else {
        losses.loop += parcel.frame ? 1 : 0;
        parcel.losses = losses;
        parcel.silence.reset();
        // The frame that is overtaken is freed after the lock is gone.
        std::swap(parcel.frame, std::get<media::FramePtr>(made));
    }
    post_delivery(std::move(lock));
}

bool CaptureThread::Link::may_tell_broken(SteadyTime now) const noexcept {
    return now - broken_told_at >= std::chrono::seconds(1);
}

void CaptureThread::Link::finish(CaptureEnd how) {
    {
        const std::lock_guard lock(mutex);
        parcel.end = std::move(how);
        ended = true;
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
    Receiver* to = nullptr;
    Delivery delivery;
    {
        const std::lock_guard lock(mutex);
        delivery_is_posted = false;
        if (receiver == nullptr)
            return;
        if (!parcel.frame || parcel.end)
            parcel.losses = losses;
        if (const auto now = SteadyClock::now();
            losses.broken > broken_told && (parcel.end || may_tell_broken(now))) {
            parcel.broken = {.count = losses.broken - broken_told, .why = broken_why};
            broken_told = losses.broken;
            broken_told_at = now;
        }
        delivery = std::exchange(parcel, {});
        to = delivery.end ? std::exchange(receiver, nullptr) : receiver;
    }
    // Nothing of this object may be touched behind it: the receiver may drop it.
    to->on_delivery(std::move(delivery));
}

}  // namespace onlooker::camera
