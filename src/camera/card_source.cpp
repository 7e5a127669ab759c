#include "camera/card_source.hpp"

#include <exception>
#include <utility>

#include "base/clock.hpp"
#include "base/logging.hpp"

namespace onlooker::camera {

CardSource::CardSource(Executor executor, CaptureThread::Settings settings, Publish publish)
    : executor_(executor), settings_(std::move(settings)), publish_(std::move(publish)) {
    settings_.makes_cards = true;
    settings_.encode_workers = 0;
}

void CardSource::show(CardDriver::Words words) {
    words_.retry_at = words.retry_at;
    if (thread_ && words_ == words)
        return driver_->set_retry_at(words.retry_at);
    end();
    words_ = std::move(words);
    try {
        driver_ = std::make_shared<CardDriver>(words_);
        thread_ = std::make_unique<CaptureThread>(
            executor_, driver_, static_cast<CaptureThread::Receiver&>(*this), settings_);
    } catch (const std::exception& error) {
        if (failures_.admit(error.what(), SteadyClock::now()))
            logging::error("camera {}: no card can be shown: {}", words_.camera, error.what());
    }
}

void CardSource::end() {
    if (thread_)
        thread_->abandon();
    thread_.reset();
}

void CardSource::on_delivery(Delivery delivery) {
    if (delivery.broken && failures_.admit(delivery.broken->why, SteadyClock::now()))
        logging::error("camera {}: the card that says why there is no picture failed: {}",
                       words_.camera, delivery.broken->why);
    if (delivery.frame)
        publish_(std::move(delivery.frame));
    // Only an end that nobody asked for comes here: end() abandons the thread.
    if (delivery.end)
        thread_.reset();
}

}  // namespace onlooker::camera
