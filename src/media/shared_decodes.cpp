#include "media/shared_decodes.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "media/jpeg_decoder.hpp"
#include "media/planes_pool.hpp"

namespace onlooker::media {

namespace {

bool serves(SharedDecodes::Need given, SharedDecodes::Need wanted) noexcept {
    return given.eighths >= wanted.eighths && (given.colour || !wanted.colour);
}

}  // namespace

struct SharedDecodes::Parts {
    // One decode, under way or done; those who wait for it hold it too.
    struct Decode {
        FramePtr frame;
        Need need;
        bool done = false;
        Result result;
    };

    std::shared_ptr<Decode> find(const FramePtr& frame, Need need) const {
        const auto found = std::ranges::find_if(decodes, [&](const auto& each) {
            return each->frame == frame && serves(each->need, need);
        });
        return found == decodes.end() ? nullptr : *found;
    }
    // The largest of what the recipes need, so that one decode serves them all.
    Need all_of(Need need) const noexcept {
        for (const Need& each : needs) {
            need.eighths = std::max(need.eighths, each.eighths);
            need.colour = need.colour || each.colour;
        }
        return need;
    }
    std::unique_ptr<JpegDecoder> take_decoder() {
        if (idle_decoders.empty())
            return std::make_unique<JpegDecoder>();
        std::unique_ptr<JpegDecoder> decoder = std::move(idle_decoders.back());
        idle_decoders.pop_back();
        return decoder;
    }
    Result decode(std::unique_lock<std::mutex>& lock, const Decode& what);
    void forget_if_at_rest();

    mutable std::mutex mutex;
    std::condition_variable changed;
    std::vector<Need> needs;
    std::vector<std::shared_ptr<Decode>> decodes;  // of the newest frame, or under way
    std::vector<std::unique_ptr<JpegDecoder>> idle_decoders;
    PlanesPool pool;
    std::uint64_t count = 0;
};

SharedDecodes::SharedDecodes() : parts_(std::make_unique<Parts>()) {}
SharedDecodes::~SharedDecodes() = default;

void SharedDecodes::add(Need need) {
    const std::lock_guard lock(parts_->mutex);
    parts_->needs.push_back(need);
}

void SharedDecodes::remove(Need need) {
    const std::lock_guard lock(parts_->mutex);
    const auto found = std::ranges::find_if(parts_->needs, [need](Need each) {
        return each.eighths == need.eighths && each.colour == need.colour;
    });
    if (found != parts_->needs.end())
        parts_->needs.erase(found);
    parts_->forget_if_at_rest();
}

SharedDecodes::Result SharedDecodes::get(const FramePtr& frame, Need need) {
    if (frame->planes())
        return {.planes = frame->planes(), .error = {}};
    std::unique_lock lock(parts_->mutex);
    if (const auto decode = parts_->find(frame, need)) {
        parts_->changed.wait(lock, [&decode] { return decode->done; });
        return decode->result;
    }
    const auto decode = std::make_shared<Parts::Decode>();
    decode->frame = frame;
    decode->need = parts_->all_of(need);
    std::erase_if(parts_->decodes, [](const auto& each) { return each->done; });
    parts_->decodes.push_back(decode);
    try {
        decode->result = parts_->decode(lock, *decode);
    } catch (...) {
        // Those who wait must not wait for nothing.
        if (!lock.owns_lock())
            lock.lock();
        decode->result.error = "there is no memory to decode the picture";
        decode->done = true;
        parts_->changed.notify_all();
        parts_->forget_if_at_rest();
        throw;
    }
    decode->done = true;
    parts_->changed.notify_all();
    parts_->forget_if_at_rest();
    return decode->result;
}

SharedDecodes::Result SharedDecodes::Parts::decode(std::unique_lock<std::mutex>& lock,
                                                   const Decode& what) {
    std::unique_ptr<JpegDecoder> decoder = take_decoder();
    std::shared_ptr<Planes> planes = pool.get();
    ++count;
    lock.unlock();
    Result result;
    result.error =
        decoder->decode(what.frame->jpeg(), what.need.eighths, what.need.colour, *planes);
    if (result.error.empty())
        result.planes = std::move(planes);
    lock.lock();
    idle_decoders.push_back(std::move(decoder));
    return result;
}

void SharedDecodes::Parts::forget_if_at_rest() {
    if (!needs.empty())
        return;
    std::erase_if(decodes, [](const auto& each) { return each->done; });
    idle_decoders.clear();
    pool = PlanesPool();
}

std::uint64_t SharedDecodes::decodes() const {
    const std::lock_guard lock(parts_->mutex);
    return parts_->count;
}

}  // namespace onlooker::media
