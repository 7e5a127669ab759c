// The cards that are shown while a camera has no picture: a driver of card.hpp on a capture thread
// of its own, which is replaced whenever the words change. When only the time of the next try
// changes, the running one is told: cards come once a second, however often the camera is tried.
//
// Owner: the camera. Thread: the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "camera/capture_thread.hpp"
#include "camera/card.hpp"
#include "camera/repeated_warning.hpp"
#include "media/frame.hpp"

namespace onlooker::camera {

class CardSource final : private CaptureThread::Receiver {
  public:
    using Publish = std::function<void(media::FramePtr)>;

    // `settings` are the camera's, so that the cards are encoded as its pictures are. `publish` is
    // called once a second between show() and end().
    CardSource(Executor executor, CaptureThread::Settings settings, Publish publish);
    CardSource(const CardSource&) = delete;
    CardSource& operator=(const CardSource&) = delete;
    ~CardSource() = default;

    // Replaces what was shown before. When no thread can be started there are no cards, and the log
    // says so.
    void show(CardDriver::Words words);
    void end();

  private:
    // CaptureThread::Receiver
    void on_delivery(Delivery delivery) override;

    Executor executor_;
    CaptureThread::Settings settings_;
    Publish publish_;
    CardDriver::Words words_;  // on the card
    RepeatedWarning failures_;
    std::shared_ptr<CardDriver> driver_;
    std::unique_ptr<CaptureThread> thread_;
};

}  // namespace onlooker::camera
