#include "libcamera/completions.hpp"

#include <utility>

namespace onlooker::drivers::libcamera_driver {

Completions::Completions(GiveBack give_back) : give_back_(std::move(give_back)) {}

void Completions::put(const Finished& finished) {
    const std::scoped_lock lock(mutex_);
    if (!open_)
        return;
    if (finished.outcome != Outcome::picture) {
        faults_.push_back(finished);
    } else {
        const bool keeps_time = finished.time - last_ >= least_period;
        last_ = finished.time;
        const auto displaced = std::exchange(newest_, finished);
        if (displaced && keeps_time)
            give_back_(displaced->request);
        else if (displaced)
            parked_.push_back(displaced->request);
    }
    wake_.raise();
}

void Completions::set_removed() {
    const std::scoped_lock lock(mutex_);
    removed_ = true;
    wake_.raise();
}

std::optional<Completions::Finished> Completions::take() {
    const std::scoped_lock lock(mutex_);
    std::optional<Finished> finished;
    if (!faults_.empty()) {
        finished = faults_.front();
        faults_.erase(faults_.begin());
    } else {
        finished = std::exchange(newest_, std::nullopt);
    }
    if (faults_.empty() && !newest_ && !removed_)
        wake_.lower();
    return finished;
}

std::vector<libcamera::Request*> Completions::take_parked() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(parked_, {});
}

bool Completions::removed() const {
    const std::scoped_lock lock(mutex_);
    return removed_;
}

void Completions::close() {
    const std::scoped_lock lock(mutex_);
    open_ = false;
}

}  // namespace onlooker::drivers::libcamera_driver
