#include "camera/encode_workers.hpp"

#include <pthread.h>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "base/limited_log.hpp"

namespace onlooker::camera {

EncodeWorkers::EncodeWorkers(unsigned count, const FrameMaker::Settings& settings, Deliver deliver)
    : deliver_(std::move(deliver)) {
    try {
        for (unsigned i = 0; i < count; ++i) {
            Place& place = *places_.emplace_back(std::make_unique<Place>(settings));
            threads_.emplace_back([this, &place] {
                ::pthread_setname_np(::pthread_self(), "encode");
                work(place);
            });
        }
    } catch (const std::system_error& error) {
        end();
        throw CameraError(ErrorKind::failed,
                          fmt::format("only {} of its {} encode workers can be started ({}): ask "
                                      "for fewer, or let this server have more threads",
                                      threads_.size(), count, error.code().message()));
    } catch (...) {
        end();
        throw;
    }
}

EncodeWorkers::~EncodeWorkers() {
    end();
}

void EncodeWorkers::end() noexcept {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

bool EncodeWorkers::submit(const Captured& captured, std::uint64_t number, bool is_card,
                           bool keeps_planes) {
    Place* free = nullptr;
    {
        const std::lock_guard lock(mutex_);
        const auto place =
            std::ranges::find_if(places_, [](const auto& each) { return each->ticket == 0; });
        if (place == places_.end())
            return false;
        free = place->get();
    }
    // Only this thread takes places, and nobody looks at one without a ticket.
    free->taken = SteadyClock::now();
    copy(captured, *free);
    free->number = number;
    free->is_card = is_card;
    free->keeps_planes = keeps_planes;
    {
        const std::lock_guard lock(mutex_);
        free->ticket = ++last_ticket_;
    }
    changed_.notify_all();
    return true;
}

void EncodeWorkers::copy(const Captured& captured, Place& place) {
    place.captured = captured;
    auto& image = std::get<media::RawImage>(place.captured.picture);
    place.planes.resize(image.planes.size());
    for (std::size_t i = 0; i < image.planes.size(); ++i) {
        const auto data = image.planes[i].data;
        place.planes[i].assign(data.begin(), data.end());
        image.planes[i].data = place.planes[i];
    }
}

void EncodeWorkers::drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return delivered_ == last_ticket_; });
}

void EncodeWorkers::work(Place& place) {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return place.ticket != 0 || ending_; });
        if (place.ticket == 0)
            return;
        lock.unlock();
        FrameMaker::Result result;
        try {
            place.maker.keep_planes(place.keeps_planes);
            result = place.maker.make(place.captured, place.number, place.is_card, place.taken);
        } catch (const std::exception& error) {
            result = FrameMaker::Unusable{error.what()};
        }
        deliver_in_turn(place.ticket, std::move(result));
        lock.lock();
        delivered_ = std::exchange(place.ticket, 0);
        changed_.notify_all();
    }
}

void EncodeWorkers::deliver_in_turn(std::uint64_t ticket, FrameMaker::Result result) {
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return delivered_ + 1 == ticket; });
    }
    try {
        deliver_(std::move(result));
    } catch (const std::exception& error) {
        // No memory to hand it over: this thread, and the order of the others, must go on.
        thread_local LimitedLog log;
        log.write(spdlog::level::err, "an encoded picture is lost: {}", error.what());
    }
}

}  // namespace onlooker::camera
