// What has changed, of all cameras together, for those who listen at /api/v1/events.
//
//     CameraEvents of each camera --> EventHub: a number for each change --> listeners
//
// It keeps no list of what happened. Each camera has, for each kind of news, the number of the last
// change; a listener remembers up to which number it has heard and is told the newest of what is
// newer. So one that is slow, or comes back with Last-Event-ID, costs nothing meanwhile and hears
// each thing once. Cameras that have gone, and options that have changed, are remembered by name,
// the last few; who comes back after more than that begins again.
//
// Owner: the App, which closes it when the program ends. Thread: the loop.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/awaitable.hpp"
#include "base/one_thread.hpp"
#include "camera/camera.hpp"
#include "camera/camera_events.hpp"
#include "endpoints/status.hpp"

namespace onlooker::api {

class EventHub {
  public:
    struct Settings {
        std::size_t most_listeners = 64;
        // News of how many look at a camera are this far apart.
        std::chrono::milliseconds viewers_apart{1'000};
        std::size_t most_remembered = 32;  // cameras gone, options changed
        // How many those are: none is news that leaves it as it was. Empty: all are.
        std::function<std::size_t(const camera::Camera&)> viewers{};
    };

    enum class Kind : std::uint8_t { camera, controls, viewers, gone, settings };

    struct Change {
        std::uint64_t number = 0;
        Kind kind = Kind::camera;
        endpoints::CameraPtr camera;       // of the first three
        std::vector<std::string> names{};  // of the camera that has gone; of the options
    };

    // Is woken when something has changed; counts as long as it lives.
    class Listener {
      public:
        explicit Listener(EventHub& hub);
        Listener(const Listener&) = delete;
        Listener& operator=(const Listener&) = delete;
        ~Listener();

        // Until something has changed, `limit`, or wake(). One caller at a time.
        Awaitable<> wait(SteadyTime limit);
        void wake();

      private:
        EventHub& hub_;
        Timer changed_;
    };

    // `cameras` outlives it.
    EventHub(Executor executor, const endpoints::Cameras& cameras, const Settings& settings);
    EventHub(Executor executor, const endpoints::Cameras& cameras)
        : EventHub(executor, cameras, Settings{}) {}
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    ~EventHub();

    // Other cameras may be there from now on, and these options have changed.
    void refresh(std::vector<std::string> changed_options);
    // Somebody looks, or does not any more, at a camera or at what is made of its pictures.
    void viewers_changed() noexcept;
    // For good: lets go of the cameras.
    void close();

    // The number of the last change.
    std::uint64_t newest() const noexcept { return newest_; }
    // Whether since() can tell of all that is newer than `seen`.
    bool remembers(std::uint64_t seen) const noexcept {
        return seen >= forgotten_ && seen <= newest_;
    }
    // What is newer than `seen`, the oldest first.
    std::vector<Change> since(std::uint64_t seen) const;

    bool is_full() const noexcept { return listeners_.size() >= settings_.most_listeners; }
    std::size_t listeners() const noexcept { return listeners_.size(); }

  private:
    struct Watched;

    static Awaitable<> follow(EventHub& hub, std::shared_ptr<Watched> its);
    void watch(const endpoints::CameraPtr& camera);
    void note(Watched& its, camera::CameraEvents::Topics topics);
    void note_viewers(Watched& its);
    void remember(Change change);
    void wake_all();

    Executor executor_;
    const endpoints::Cameras& cameras_;
    Settings settings_;
    std::uint64_t newest_ = 0;
    std::uint64_t forgotten_ = 0;  // up to this number something may be missing
    std::vector<std::shared_ptr<Watched>> watched_;
    std::deque<Change> remembered_;  // what is no camera's
    std::vector<Listener*> listeners_;
    bool closed_ = false;
    [[no_unique_address]] OneThread loop_;
};

}  // namespace onlooker::api
