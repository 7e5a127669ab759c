#include "camera/capture_thread.hpp"

#include <pthread.h>

#include <sys/prctl.h>

#include <asio/post.hpp>

#include <mutex>
#include <utility>

#include "base/pace.hpp"
#include "camera/encode_workers.hpp"
#include "camera/stop_signal.hpp"

namespace onlooker::camera {

namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

// What the two threads share. Everything below `mutex` is guarded by it.
struct CaptureThread::Link final : CaptureContext, std::enable_shared_from_this<Link> {
    Link(Executor loop, Receiver& first_receiver, const Settings& its_settings)
        : executor(loop),
          settings(its_settings),
          receiver(&first_receiver),
          next_number(its_settings.first_number) {}

    // CaptureContext, on the capture thread.
    bool stop_requested() const noexcept override { return signal.stopped(); }
    int stop_descriptor() const noexcept override { return signal.descriptor(); }
    bool sleep_until(Steady::time_point time) override { return signal.sleep_until(time); }
    std::vector<ControlChange> take_control_changes() override;
    void report_controls(std::vector<Control> reported) override;
    void warn(std::string_view words) override;
    std::string watchers_via() const override { return settings.watchers_via; }

    // On the capture thread.
    void run(Driver& driver);
    void capture(Driver& driver);
    void take(const Captured& captured, FrameMaker& maker, EncodeWorkers* workers);
    void accept(FrameMaker::Result made);
    void finish(CaptureEnd how);
    void post_delivery(std::unique_lock<std::mutex> lock);

    // On the loop.
    void deliver();

    const Executor executor;
    const Settings settings;
    StopSignal signal;

    std::mutex mutex;
    Receiver* receiver;  // null: abandoned, or told the end
    bool delivery_is_posted = false;
    media::FramePtr frame;  // the one place of the mailbox
    Losses losses;
    std::uint32_t broken_untold = 0;
    std::string broken_why;
    std::optional<std::vector<Control>> controls;
    std::vector<std::string> warnings;
    std::optional<CaptureEnd> end;
    std::vector<ControlChange> changes;
    std::uint64_t next_number;

    Losses own_losses;  // since the last frame that came through
    Steady::time_point broken_told{};
};

CaptureThread::CaptureThread(Executor executor, std::shared_ptr<Driver> driver, Receiver& receiver,
                             const Settings& settings)
    : link_(std::make_shared<Link>(executor, receiver, settings)),
      thread_([link = link_, driver = std::move(driver)] {
          ::pthread_setname_np(::pthread_self(), link->settings.makes_cards ? "card" : "capture");
          // By default the kernel lets a sleep last up to 50 us longer, and every picture that a
          // driver makes by the clock would be older by that. In nanoseconds.
          ::prctl(PR_SET_TIMERSLACK, 1UL);
          link->run(*driver);
      }) {}

CaptureThread::~CaptureThread() {
    if (!thread_.joinable())
        return;
    bool ended = false;
    {
        const std::lock_guard lock(link_->mutex);
        ended = link_->end.has_value() || link_->receiver == nullptr;
        link_->receiver = nullptr;
    }
    stop();
    // After its last word the thread only returns.
    if (ended)
        thread_.join();
    else
        thread_.detach();
}

void CaptureThread::stop() {
    link_->signal.stop();
}

void CaptureThread::change(ControlChange change) {
    {
        const std::lock_guard lock(link_->mutex);
        link_->changes.push_back(std::move(change));
    }
    link_->signal.wake();
}

void CaptureThread::abandon() {
    stop();
    {
        const std::lock_guard lock(link_->mutex);
        link_->receiver = nullptr;
    }
    if (thread_.joinable())
        thread_.detach();
}

std::uint64_t CaptureThread::next_number() const {
    const std::lock_guard lock(link_->mutex);
    return link_->next_number;
}

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
        capture(driver);
        how.stopped = stop_requested();
        how.words = "the source has no more pictures";
    } catch (const CameraError& error) {
        how = {.stopped = stop_requested(), .kind = error.kind(), .words = error.what()};
    } catch (const std::exception& error) {
        how = {.stopped = stop_requested(),
               .kind = ErrorKind::failed,
               .words = std::string("the driver failed: ") + error.what()};
    } catch (...) {
        how = {.stopped = stop_requested(),
               .kind = ErrorKind::failed,
               .words = "the driver failed with an exception of its own kind"};
    }
    finish(std::move(how));
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
        const bool passes = pace.lets_through(Steady::now());
        {
            const std::lock_guard lock(mutex);
            own_losses.device += captured->lost;
            own_losses.pace += passes ? 0 : 1;
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
    if (workers == nullptr || !is_raw) {
        accept(maker.make(captured, number, settings.makes_cards));
    } else if (!workers->submit(captured, number, settings.makes_cards)) {
        const std::lock_guard lock(mutex);
        ++own_losses.pace;
    }
}

// On the capture thread, or on one worker at a time.
void CaptureThread::Link::accept(FrameMaker::Result made) {
    std::unique_lock lock(mutex);
    if (auto* unusable = std::get_if<FrameMaker::Unusable>(&made)) {
        ++own_losses.broken;
        ++broken_untold;
        broken_why = std::move(unusable->why);
        const auto now = Steady::now();
        if (now - broken_told < std::chrono::seconds(1))
            return;
        broken_told = now;
    } else {
        if (frame)
            ++losses.loop;
        losses.device += std::exchange(own_losses.device, 0);
        losses.broken += std::exchange(own_losses.broken, 0);
        losses.pace += std::exchange(own_losses.pace, 0);
        // The frame that is overtaken is freed after the lock is gone.
        std::swap(frame, std::get<media::FramePtr>(made));
    }
    post_delivery(std::move(lock));
}

void CaptureThread::Link::finish(CaptureEnd how) {
    std::unique_lock lock(mutex);
    end = std::move(how);
    post_delivery(std::move(lock));
}

void CaptureThread::Link::post_delivery(std::unique_lock<std::mutex> lock) {
    // The post stays under the lock: once `receiver` is null the loop may be gone.
    if (receiver == nullptr || delivery_is_posted)
        return;
    delivery_is_posted = true;
    asio::post(executor, [self = shared_from_this()] { self->deliver(); });
    lock.unlock();
}

void CaptureThread::Link::deliver() {
    std::unique_lock lock(mutex);
    delivery_is_posted = false;
    Receiver* const to = receiver;
    if (to == nullptr)
        return;
    media::FramePtr new_frame = std::exchange(frame, nullptr);
    const Losses new_losses = new_frame ? std::exchange(losses, {}) : Losses{};
    const std::uint32_t new_broken = std::exchange(broken_untold, 0);
    const std::string why = new_broken > 0 ? broken_why : std::string();
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
    if (new_broken > 0)
        to->on_broken(new_broken, why);
    if (new_frame)
        to->on_frame(std::move(new_frame), new_losses);
    // Nothing of this object may be touched behind the last word: the receiver may drop it.
    if (new_end)
        to->on_end(*new_end);
}

}  // namespace onlooker::camera
