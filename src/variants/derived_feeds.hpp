// The feeds that are made of the cameras' feeds: which there are, who holds them, and which one
// goes.
//
// Owner: variants/variants.hpp; every View must be gone before it. Thread: the loop.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <variant>

#include "base/awaitable.hpp"
#include "base/lazy_timer.hpp"
#include "base/one_thread.hpp"
#include "camera/camera.hpp"
#include "camera/feed.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"
#include "variants/making.hpp"
#include "variants/paced_feed.hpp"
#include "variants/variant.hpp"
#include "variants/variants.hpp"
#include "variants/workshop.hpp"

namespace onlooker::variants {

class DerivedFeeds {
  public:
    DerivedFeeds(Executor executor, const Variants::Settings& settings, Workshop& workshop);
    DerivedFeeds(const DerivedFeeds&) = delete;
    DerivedFeeds& operator=(const DerivedFeeds&) = delete;
    ~DerivedFeeds();

    // As Variants::view().
    std::variant<View, Variants::Full> view(const MakingPtr& making, const media::Recipe& recipe,
                                            double rate);
    // What a variant has just made of that frame; null if none has. `recipe` in its canonical form.
    media::FramePtr made_of(const camera::Camera& camera, const media::Frame& frame,
                            const media::Recipe& recipe) const;
    void for_each(const camera::Camera& camera,
                  const std::function<void(const Variants::Made&)>& visit) const;

    // As Variants::forget().
    bool forget(const camera::Camera& camera);

    // Feeds go at once from now on.
    void close();

  private:
    struct VariantEntry {
        VariantEntry(Executor executor, Workshop& workshop, const MakingPtr& making,
                     const media::Recipe& asked)
            : feed(executor, workshop, making, asked) {}

        Variant feed;
        std::weak_ptr<void> keep;  // of those who hold a View
        SteadyTime let_go_at{};
    };
    struct PacedEntry {
        PacedEntry(Executor executor, const camera::Camera& its_camera, View its_base, double rate)
            : camera(its_camera),
              base(std::move(its_base)),
              feed(executor, *base.feed, camera.settings().feed, rate) {}

        const camera::Camera& camera;
        View base;
        PacedFeed feed;
        std::weak_ptr<void> keep;
    };

    // Lives as long as somebody holds a View of the entry.
    template <typename Entry>
    struct Hold {
        Hold(DerivedFeeds& its_feeds, Entry& its_entry) : feeds(its_feeds), entry(its_entry) {}
        Hold(const Hold&) = delete;
        Hold& operator=(const Hold&) = delete;
        ~Hold() { feeds.let_go(entry); }

        DerivedFeeds& feeds;
        Entry& entry;
    };

    std::variant<View, Variants::Full> unpaced(const MakingPtr& making,
                                               const media::Recipe& recipe);
    View paced(const camera::Camera& camera, View base, double rate);
    VariantEntry* find(const camera::Camera& camera, const media::Recipe& asked,
                       const media::Recipe& key);
    const media::Recipe& recipe_of(const camera::Feed& feed) const;
    bool make_room();
    Variants::Full full() const;

    template <typename Entry>
    View view_of(Entry& entry);
    void let_go(VariantEntry& entry) noexcept;
    void let_go(PacedEntry& entry) noexcept;
    void bury_soon() noexcept;
    void on_time();

    [[no_unique_address]] OneThread loop_;
    Executor executor_;
    Variants::Settings settings_;
    Workshop& workshop_;
    bool closing_ = false;
    std::list<VariantEntry> variants_;
    std::list<PacedEntry> paced_feeds_;
    // No longer given to anybody. A viewer may leave in the middle of what its feed publishes, so
    // they go from the top of the loop.
    std::list<VariantEntry> dead_variants_;
    std::list<PacedEntry> dead_paced_feeds_;
    LazyTimer timer_;
};

}  // namespace onlooker::variants
