#include "camera/capture_thread.hpp"

#include <pthread.h>

#include <sys/prctl.h>

#include <memory>
#include <mutex>
#include <utility>

#include "camera/capture_link.hpp"

namespace onlooker::camera {

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
        ended = link_->ended || link_->receiver == nullptr;
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

void CaptureThread::want_taken_after(SteadyTime time) noexcept {
    link_->wanted_after.store(time, std::memory_order_relaxed);
}

void CaptureThread::want_planes(bool wanted) noexcept {
    link_->wants_planes.store(wanted, std::memory_order_relaxed);
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

}  // namespace onlooker::camera
