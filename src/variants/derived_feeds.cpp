#include "variants/derived_feeds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <exception>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/logging.hpp"
#include "base/running_clock.hpp"

namespace onlooker::variants {

namespace {

// Rates that nobody can tell apart share a feed.
double snapped(double rate) {
    return rate > 0 ? std::max(0.01, std::round(rate * 100) / 100) : 0;
}

// Moves an entry, which stays where it is in memory.
template <typename Entry>
void move_to(std::list<Entry>& to, std::list<Entry>& from, const Entry& entry) {
    const auto place =
        std::ranges::find_if(from, [&entry](const Entry& each) { return &each == &entry; });
    if (place != from.end())
        to.splice(to.end(), from, place);
}

}  // namespace

DerivedFeeds::DerivedFeeds(Executor executor, const Variants::Settings& settings,
                           Workshop& workshop)
    : executor_(executor),
      settings_(settings),
      workshop_(workshop),
      timer_(executor, [this] { on_time(); }) {}

DerivedFeeds::~DerivedFeeds() {
    // They let go of variants, which must be there for it.
    paced_feeds_.clear();
    dead_paced_feeds_.clear();
}

std::variant<View, Variants::Full> DerivedFeeds::view(const MakingPtr& making,
                                                      const media::Recipe& recipe, double rate) {
    assert(loop_.is_here());
    if (closing_)
        return Variants::Full{"The server is ending."};
    auto base = unpaced(making, recipe);
    View* const view = std::get_if<View>(&base);
    if (view == nullptr || rate <= 0)
        return base;
    return paced(making->camera(), std::move(*view), snapped(rate));
}

template <typename Entry>
View DerivedFeeds::view_of(Entry& entry) {
    std::shared_ptr<void> keep = entry.keep.lock();
    if (!keep) {
        keep = std::make_shared<Hold<Entry>>(*this, entry);
        entry.keep = keep;
    }
    return {.feed = &entry.feed.feed(), .keep = std::move(keep)};
}

DerivedFeeds::VariantEntry* DerivedFeeds::find(const camera::Camera& camera,
                                               const media::Recipe& asked,
                                               const media::Recipe& key) {
    VariantEntry* same = nullptr;
    for (VariantEntry& entry : variants_) {
        if (&entry.feed.making().camera() != &camera)
            continue;
        if (!entry.feed.is_awake())
            entry.feed.fit_to_camera();
        if (entry.feed.asked() == asked)
            return &entry;
        if (same == nullptr && entry.feed.recipe() == key)
            same = &entry;
    }
    return same;
}

std::variant<View, Variants::Full> DerivedFeeds::unpaced(const MakingPtr& making,
                                                         const media::Recipe& recipe) {
    camera::Camera& camera = making->camera();
    const media::Recipe key = resolved_for(recipe, camera.feed().picture());
    if (key.is_plain())
        return View{.feed = &camera.feed(), .keep = nullptr};
    if (VariantEntry* entry = find(camera, recipe, key))
        return view_of(*entry);
    if (variants_.size() >= settings_.most && !make_room())
        return full();
    VariantEntry& entry = variants_.emplace_back(executor_, workshop_, making, recipe);
    try {
        return view_of(entry);
    } catch (...) {
        variants_.pop_back();
        throw;
    }
}

const media::Recipe& DerivedFeeds::recipe_of(const camera::Feed& feed) const {
    static const media::Recipe plain;
    const auto found = std::ranges::find_if(
        variants_, [&feed](const VariantEntry& entry) { return &entry.feed.feed() == &feed; });
    return found == variants_.end() ? plain : found->feed.recipe();
}

View DerivedFeeds::paced(const camera::Camera& camera, View base, double rate) {
    for (PacedEntry& entry : paced_feeds_)
        if (entry.base.feed == base.feed && entry.feed.rate() == rate)
            return view_of(entry);
    PacedEntry& entry = paced_feeds_.emplace_back(executor_, camera, std::move(base), rate);
    try {
        return view_of(entry);
    } catch (...) {
        paced_feeds_.pop_back();
        throw;
    }
}

// The one that nobody has looked at for longest goes.
bool DerivedFeeds::make_room() {
    VariantEntry* oldest = nullptr;
    for (VariantEntry& entry : variants_)
        if (entry.keep.expired() && (oldest == nullptr || entry.let_go_at < oldest->let_go_at))
            oldest = &entry;
    if (oldest == nullptr)
        return false;
    move_to(dead_variants_, variants_, *oldest);
    bury_soon();
    return true;
}

Variants::Full DerivedFeeds::full() const {
    if (settings_.most == 0)
        return {"This server makes no other pictures than its cameras' own (--max-variants 0)."};
    return {
        fmt::format("{} kinds of smaller or changed pictures are made already, and no more may "
                    "be (--max-variants {}). Ask for one of those that /state lists, or try "
                    "again when somebody has left.",
                    variants_.size(), settings_.most)};
}

void DerivedFeeds::let_go(VariantEntry& entry) noexcept {
    assert(loop_.is_here());
    entry.let_go_at = RunningClock::now();
    // What nobody has looked at was asked for in vain.
    if (closing_ || !entry.feed.was_awake())
        move_to(dead_variants_, variants_, entry);
    bury_soon();
}

void DerivedFeeds::let_go(PacedEntry& entry) noexcept {
    assert(loop_.is_here());
    move_to(dead_paced_feeds_, paced_feeds_, entry);
    bury_soon();
}

void DerivedFeeds::bury_soon() noexcept {
    try {
        timer_.set(RunningClock::now());
    } catch (const std::exception& error) {
        // The next one that goes takes them along.
        logging::error("variants that nobody looks at are kept: {}", error.what());
    }
}

void DerivedFeeds::on_time() {
    // A paced feed lets its variant go.
    std::exchange(dead_paced_feeds_, {}).clear();
    std::optional<SteadyTime> next;
    for (auto place = variants_.begin(); place != variants_.end();) {
        const auto entry = place++;
        if (!entry->keep.expired())
            continue;
        const SteadyTime ends = entry->let_go_at + settings_.idle_after;
        if (ends <= RunningClock::now())
            dead_variants_.splice(dead_variants_.end(), variants_, entry);
        else
            next = std::min(next.value_or(SteadyTime::max()), ends);
    }
    std::exchange(dead_variants_, {}).clear();
    timer_.set(next);
}

media::FramePtr DerivedFeeds::made_of(const camera::Camera& camera, const media::Frame& frame,
                                      const media::Recipe& recipe) const {
    for (const VariantEntry& entry : variants_)
        if (&entry.feed.making().camera() == &camera && entry.feed.recipe() == recipe)
            if (const media::FramePtr made = entry.feed.made_of(frame))
                return made;
    return nullptr;
}

void DerivedFeeds::for_each(const camera::Camera& camera,
                            const std::function<void(const Variants::Made&)>& visit) const {
    for (const VariantEntry& entry : variants_) {
        if (&entry.feed.making().camera() != &camera)
            continue;
        const Variant::Counts& counts = entry.feed.counts();
        visit({.recipe = entry.feed.recipe(),
               .rate = 0,
               .feed = entry.feed.feed(),
               .frames = counts.frames,
               .overtaken = counts.overtaken,
               .unusable = counts.unusable,
               .making = counts.making});
    }
    for (const PacedEntry& entry : paced_feeds_)
        if (&entry.camera == &camera)
            visit({.recipe = recipe_of(*entry.base.feed),
                   .rate = entry.feed.rate(),
                   .feed = entry.feed.feed(),
                   .frames = entry.feed.frames()});
}

bool DerivedFeeds::forget(const camera::Camera& camera) {
    const auto is_variant = [&camera](const VariantEntry& entry) {
        return &entry.feed.making().camera() == &camera;
    };
    const auto is_paced = [&camera](const PacedEntry& entry) { return &entry.camera == &camera; };
    for (auto place = variants_.begin(); place != variants_.end();) {
        const auto entry = place++;
        if (entry->keep.expired() && is_variant(*entry))
            dead_variants_.splice(dead_variants_.end(), variants_, entry);
    }
    if (!dead_variants_.empty())
        bury_soon();
    return std::ranges::none_of(variants_, is_variant) &&
           std::ranges::none_of(dead_variants_, is_variant) &&
           std::ranges::none_of(paced_feeds_, is_paced) &&
           std::ranges::none_of(dead_paced_feeds_, is_paced);
}

void DerivedFeeds::close() {
    closing_ = true;
    for (auto place = variants_.begin(); place != variants_.end();) {
        const auto entry = place++;
        if (entry->keep.expired())
            dead_variants_.splice(dead_variants_.end(), variants_, entry);
    }
    bury_soon();
}

}  // namespace onlooker::variants
