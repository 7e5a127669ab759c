// The threads that make variants, and the third crossing between threads, which is in
// workshop_state.cpp (camera/capture_link.cpp has the other two).
//
//     the loop                                             a worker, one of a few
//     Mailbox::put(frame)  --one place, newest wins-->  Make
//     Receiver::on_made    <--one place, one post-----
//
// Each recipe has a mailbox for one frame: a newer one replaces one that no worker has taken yet,
// which is counted as overtaken. What is made of it comes back the same way; at most one post is
// under way for all mailboxes together. So nothing queues, on neither side. Workers serve the
// mailboxes in the order in which they were filled, one worker a mailbox at a time; one that has
// been served and is full again goes to the end. So a slow recipe delays the others by one picture.
//
// A worker is started when a frame finds all others busy, and ends when there was nothing to do for
// a while: a program that makes no variants has no thread and no buffers for them, and one that is
// asked for a snapshot each second does not start a thread for each. They have a lower priority
// than the loop, so that on a busy machine those come first who look at a camera's own pictures.
//
// Owner: variants/variants.hpp. Thread: the loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/awaitable.hpp"
#include "media/frame.hpp"
#include "media/jpeg_encoder.hpp"
#include "media/recipe.hpp"
#include "media/shared_decodes.hpp"
#include "media/variant_maker.hpp"

namespace onlooker::variants {

class Workshop {
  public:
    using Result = media::VariantMaker::Result;
    using Make = std::function<Result(const media::VariantMaker::Source& source,
                                      const media::Recipe& recipe, media::SharedDecodes& decodes)>;

    struct Settings {
        unsigned workers = 0;  // 0: one fewer than there are cores, 1 to 4
        std::chrono::milliseconds ends_idle_after{10'000};
        // Called on each worker, when it starts. By default a media::VariantMaker of its own.
        std::function<Make()> maker;
    };

    // What is to be done to a frame.
    struct Order {
        media::Recipe recipe;
        std::string title;  // of the camera
        media::JpegEncoder::Settings encoder;
        std::shared_ptr<media::SharedDecodes> decodes;
    };
    using OrderPtr = std::shared_ptr<const Order>;

    struct Made {
        OrderPtr order;
        media::FramePtr source;
        Result result;
        std::chrono::nanoseconds making{};  // the work alone
        std::uint64_t overtaken = 0;        // in this mailbox, ever
    };

    class Receiver {
      public:
        virtual void on_made(Made made) = 0;

      protected:
        ~Receiver() = default;
    };

    // No thread can be started; in words.
    struct NoWorker : std::runtime_error {
        using runtime_error::runtime_error;
    };

    struct State;
    struct Box;

    class Mailbox {
      public:
        Mailbox(Workshop& workshop, Receiver& receiver);
        Mailbox(const Mailbox&) = delete;
        Mailbox& operator=(const Mailbox&) = delete;
        // Nothing is received any more. What is being made is finished, and lost.
        ~Mailbox();

        // Throws NoWorker when the frame would wait for nobody.
        void put(OrderPtr order, media::FramePtr frame);
        // What waits in it is not made.
        void clear();

      private:
        std::shared_ptr<State> state_;
        std::shared_ptr<Box> box_;
    };

    Workshop(Executor executor, Settings settings);
    Workshop(const Workshop&) = delete;
    Workshop& operator=(const Workshop&) = delete;
    // Waits for the pictures that are being made.
    ~Workshop();

    // For good: each worker ends behind the picture that it makes.
    void close();
    // True when no worker is left, false at `limit`.
    Awaitable<bool> wait_closed(SteadyTime limit);

    // How many there are now.
    std::size_t workers() const;

  private:
    std::shared_ptr<State> state_;
};

}  // namespace onlooker::variants
