// What changes about a camera, as something to subscribe to beside the line in the log.
//
//     CameraEvents::Subscription news(camera.events());
//     while (const auto changed = co_await news.next(limit)) {
//         if (changed.has(CameraEvents::Topic::fault))
//             tell(camera.fault());
//     }
//
// A subscription remembers which topics have changed, never a list of changes: a reader that is
// slow finds the newest of each and costs one octet, however much has happened meanwhile.
//
// Owner: the camera; subscriptions belong to whoever reads, and go before it. Thread: the loop.
#pragma once

#include <cstdint>

#include "base/awaitable.hpp"
#include "base/one_thread.hpp"

namespace onlooker::camera {

class CameraEvents {
  public:
    enum class Topic : std::uint8_t { state = 1, fault = 2, viewers = 4, controls = 8, size = 16 };

    class Topics {
      public:
        bool has(Topic topic) const noexcept { return (bits_ & static_cast<unsigned>(topic)) != 0; }
        void add(Topic topic) noexcept {
            bits_ = static_cast<std::uint8_t>(bits_ | static_cast<unsigned>(topic));
        }
        explicit operator bool() const noexcept { return bits_ != 0; }

      private:
        std::uint8_t bits_ = 0;
    };

    class Subscription {
      public:
        explicit Subscription(CameraEvents& events);
        Subscription(const Subscription&) = delete;
        Subscription& operator=(const Subscription&) = delete;
        ~Subscription();

        // What has changed since the last call, or since the beginning; waits until something has.
        // Empty at `limit`, and from end() on. One caller at a time.
        Awaitable<Topics> next(SteadyTime limit);
        void end();

      private:
        friend class CameraEvents;
        CameraEvents& events_;
        Timer changed_;
        Topics topics_;
        bool ended_ = false;
        Subscription* previous_ = nullptr;
        Subscription* next_ = nullptr;
    };

    explicit CameraEvents(Executor executor) : executor_(executor) {}
    CameraEvents(const CameraEvents&) = delete;
    CameraEvents& operator=(const CameraEvents&) = delete;
    ~CameraEvents();

    // Nobody runs before it returns.
    void tell(Topic topic) noexcept;

  private:
    [[no_unique_address]] OneThread loop_;
    Executor executor_;
    Subscription* first_ = nullptr;
};

}  // namespace onlooker::camera
