#include "media/planes_pool.hpp"

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace onlooker::media {

struct PlanesPool::Shelf {
    // As many as are under way at a time: the newest frame, one that is being made into a variant,
    // and one that overtakes it.
    static constexpr std::size_t most = 4;

    Shelf() { free.reserve(most); }

    void put_back(std::unique_ptr<Planes> planes) noexcept {
        const std::lock_guard lock(mutex);
        if (free.size() < most)
            free.push_back(std::move(planes));
    }
    std::unique_ptr<Planes> take() {
        const std::lock_guard lock(mutex);
        if (free.empty())
            return nullptr;
        std::unique_ptr<Planes> planes = std::move(free.back());
        free.pop_back();
        return planes;
    }

    std::mutex mutex;
    std::vector<std::unique_ptr<Planes>> free;
};

PlanesPool::PlanesPool() : shelf_(std::make_shared<Shelf>()) {}

std::shared_ptr<Planes> PlanesPool::get() {
    std::unique_ptr<Planes> planes = shelf_->take();
    if (!planes)
        planes = std::make_unique<Planes>();
    return {planes.release(),
            [shelf = shelf_](Planes* used) { shelf->put_back(std::unique_ptr<Planes>(used)); }};
}

}  // namespace onlooker::media
