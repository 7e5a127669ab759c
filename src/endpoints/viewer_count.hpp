// How many streams are being watched, how many may be, what those that are over were sent, and who
// wants to know of a change.
//
// Viewers are counted when a stream begins and when it ends, and never in between. A lower limit
// keeps newcomers out; nobody who is there has to go. A client counts by its address (IPv6: by its
// /64), which is the one that a trusted proxy names.
//
// Owner: shared by the streams, each of which has a place, and by whoever looks. Thread: the loop.
#pragma once

#include <asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace onlooker::endpoints {

// At a time; 0: no limit.
struct ViewerLimits {
    std::size_t total = 0;
    std::size_t per_camera = 0;
    std::size_t per_address = 0;
    // Cameras with a limit of their own, which takes the place of `per_camera`.
    std::map<std::string, std::size_t, std::less<>> of_camera{};

    bool operator==(const ViewerLimits&) const = default;
};

class ViewerCount {
    using Counts = std::map<std::string, std::size_t, std::less<>>;

  public:
    std::size_t now() const noexcept { return total_; }

    // Is called after each change; throws nothing.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

    // From the next viewer on.
    void allow(ViewerLimits limits) { limits_ = std::move(limits); }
    const ViewerLimits& limits() const noexcept { return limits_; }

    // The limit that one viewer more would exceed, in a sentence for that viewer; empty: none.
    std::string full_for(std::string_view camera, const asio::ip::address& address) const;

    // What was sent to viewers.
    struct Sent {
        std::uint64_t frames = 0;
        std::uint64_t octets = 0;  // acknowledged by the peer, heads and TLS included
    };
    // To those that have gone; those that are there know themselves (camera::Viewing).
    const Sent& sent_to_gone() const noexcept { return gone_; }

    // Counts for one viewer as long as it lives.
    class Place {
      public:
        Place(std::shared_ptr<ViewerCount> count, std::string_view camera,
              const asio::ip::address& address);
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place();

        // What it was sent, once it is over.
        void leave(const Sent& sent) noexcept {
            count_->gone_.frames += sent.frames;
            count_->gone_.octets += sent.octets;
        }

      private:
        std::shared_ptr<ViewerCount> count_;
        Counts::iterator camera_;
        Counts::iterator address_;
    };

  private:
    void changed() const {
        if (changed_)
            changed_();
    }

    ViewerLimits limits_;
    std::size_t total_ = 0;
    Counts of_cameras_;
    Counts of_addresses_;
    Sent gone_;
    std::function<void()> changed_;
};

}  // namespace onlooker::endpoints
