// Encodes the raw pictures of one camera on several threads, for a machine on which one core cannot
// keep up with its camera (1080p at 30 frames a second on a Raspberry Pi Zero 2).
//
// Each worker has one place. A picture is copied into a free place, since the device wants its
// buffer back, and its frame is delivered in the order of the pictures, however long each took.
// When every place is taken the picture is not accepted: nothing queues, and the next one is newer.
// The price of a worker is the copy and up to one frame time of delay each, so the default is none.
//
// Owner: the capture thread, which also calls submit(). Delivery happens on the workers' threads,
// one at a time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "camera/frame_maker.hpp"

namespace onlooker::camera {

class EncodeWorkers {
  public:
    using Deliver = std::function<void(FrameMaker::Result)>;

    // Throws CameraError when not so many threads can be started. What `deliver` throws is lost,
    // and its frame too.
    EncodeWorkers(unsigned count, const FrameMaker::Settings& settings, Deliver deliver);
    EncodeWorkers(const EncodeWorkers&) = delete;
    EncodeWorkers& operator=(const EncodeWorkers&) = delete;
    // Finishes the pictures that were accepted, and ends the threads.
    ~EncodeWorkers();

    // False: every worker is busy, and the picture is lost. `captured` holds a RawImage.
    // `keeps_planes`: as FrameMaker::keep_planes().
    bool submit(const Captured& captured, std::uint64_t number, bool is_card,
                bool keeps_planes = false);
    // Waits until every accepted picture is delivered.
    void drain();

  private:
    // What one worker works on. `ticket` says whose turn it is; zero: the place is free.
    struct Place {
        explicit Place(const FrameMaker::Settings& settings) : maker(settings) {}

        FrameMaker maker;
        SteadyTime taken{};
        Captured captured;
        std::vector<std::vector<std::byte>> planes;
        std::uint64_t number = 0;
        bool is_card = false;
        bool keeps_planes = false;
        std::uint64_t ticket = 0;
    };

    static void copy(const Captured& captured, Place& place);
    void work(Place& place);
    void deliver_in_turn(std::uint64_t ticket, FrameMaker::Result result);
    void end() noexcept;

    Deliver deliver_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ending_ = false;
    std::uint64_t last_ticket_ = 0;
    std::uint64_t delivered_ = 0;  // the last ticket that was
    std::vector<std::unique_ptr<Place>> places_;
    std::vector<std::thread> threads_;
};

}  // namespace onlooker::camera
