// What a request for a snapshot asks for, and what there is to give: the rules of snapshot.hpp that
// need no waiting.
//
// Owner: the answer to the request. Thread: the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <variant>

#include "base/clock.hpp"
#include "camera/feed.hpp"
#include "endpoints/asked_view.hpp"
#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "media/frame.hpp"
#include "media/recipe.hpp"

namespace onlooker::endpoints {

struct SnapshotWish {
    camera::Feed& feed;
    media::Recipe recipe;
    std::uint64_t form = 0;  // of the recipe; 0: the plain one
    std::optional<std::chrono::milliseconds> max_delay;
    SteadyTime taken_after;
    bool may_be_card = false;
    std::optional<std::uint64_t> newer_than;        // a frame's number
    std::optional<std::chrono::milliseconds> wait;  // for a fresh picture
    std::chrono::seconds shared_cache{0};           // may give it to others for so long

    bool is_fresh() const noexcept;
    // What would be sent now; null for nothing.
    media::FramePtr granted() const;
    // Of that; 0 for nothing. Cards have numbers of their own.
    std::uint64_t version() const;
    // The camera is well, and has nothing newer.
    bool has_nothing_newer() const noexcept;

  private:
    bool may_be_old() const noexcept;
    bool is_newer() const noexcept;
};

// What the query asks for, or 400 with why that is no sense.
std::variant<SnapshotWish, http::Response> snapshot_wish(const http::Request& request,
                                                         camera::Feed& feed,
                                                         const ViewSettings& settings);

}  // namespace onlooker::endpoints
