#include "endpoints/viewer_count.hpp"

#include <fmt/format.h>

#include "base/address_block.hpp"

namespace onlooker::endpoints {

namespace {

using Counts = std::map<std::string, std::size_t, std::less<>>;

bool is_full(const Counts& counts, std::string_view key, std::size_t most) {
    if (most == 0)
        return false;
    const auto found = counts.find(key);
    return found != counts.end() && found->second >= most;
}

Counts::iterator count_one(Counts& counts, std::string_view key) {
    const auto place = counts.try_emplace(std::string(key), 0).first;
    ++place->second;
    return place;
}

void release(Counts& counts, Counts::iterator place) noexcept {
    if (--place->second == 0)
        counts.erase(place);
}

std::string sentence(std::string_view who, std::size_t most, std::string_view option) {
    return fmt::format("{} has as many viewers as it may have: {} ({}).", who, most, option);
}

}  // namespace

std::string ViewerCount::full_for(std::string_view camera, const asio::ip::address& address) const {
    if (limits_.total > 0 && total_ >= limits_.total)
        return sentence("This server", limits_.total, "--max-viewers");
    const auto own = limits_.of_camera.find(camera);
    const bool has_own = own != limits_.of_camera.end();
    const std::size_t of_camera = has_own ? own->second : limits_.per_camera;
    if (is_full(of_cameras_, camera, of_camera))
        return sentence(fmt::format("Camera {}", camera), of_camera,
                        has_own ? "its max_viewers" : "--max-viewers-per-camera");
    if (is_full(of_addresses_, address_block(address), limits_.per_address))
        return sentence("Your address", limits_.per_address, "--max-viewers-per-address");
    return {};
}

ViewerCount::Place::Place(std::shared_ptr<ViewerCount> count, std::string_view camera,
                          const asio::ip::address& address)
    : count_(std::move(count)),
      camera_(count_one(count_->of_cameras_, camera)),
      address_(count_->of_addresses_.end()) {
    try {
        address_ = count_one(count_->of_addresses_, address_block(address));
    } catch (...) {
        release(count_->of_cameras_, camera_);
        throw;
    }
    ++count_->total_;
    count_->changed();
}

ViewerCount::Place::~Place() {
    release(count_->of_cameras_, camera_);
    release(count_->of_addresses_, address_);
    --count_->total_;
    count_->changed();
}

}  // namespace onlooker::endpoints
