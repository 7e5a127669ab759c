// Reads a video source on a thread of its own, so that a read which blocks blocks nobody.
//
// OpenCV has no way to call a blocked open or read back. So they happen here, and the driver waits
// for what they bring beside its stop. When it must go while a read blocks, the thread is left
// behind: it owns all it touches together with the Reader (Handover, shared), and ends by itself
// when the read returns. A new Reader of the same device waits for that first (wait_until_gone).
//
//     thread: read -> offered ----take()----> the driver's, shown
//                 ^----------- spare <--------------'
//
// Three matrices go round, so nothing is copied or allocated per picture. A file's pictures wait to
// be taken; of a camera's only the newest does, and the others are counted as lost.
#pragma once

#include <opencv2/core.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "camera/driver.hpp"
#include "opencv/opencv_settings.hpp"

namespace onlooker::drivers {

// One picture and what is known about it.
struct ReadPicture {
    cv::Mat mat;
    bool is_file = false;
    SteadyTime captured{};
    std::optional<std::chrono::duration<double>> position;
    std::optional<std::chrono::duration<double>> period;
    std::uint32_t lost = 0;
};

struct Handover;

class Reader {
  public:
    explicit Reader(const OpencvSettings& options);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    // Waits a moment for the thread, then leaves it behind.
    ~Reader();

    // Waits for the next picture and exchanges it for `picture`, whose memory is used again. False:
    // the file has ended, or a stop is requested. Throws what the thread threw.
    bool take(ReadPicture& picture, camera::CaptureContext& context);

    // What the operator should know; each word is given once.
    std::string take_notice();

    std::shared_ptr<Handover> handover() const noexcept { return handover_; }

  private:
    std::shared_ptr<Handover> handover_;
    std::thread thread_;
};

// Waits until the thread behind `handover` has released the device. False: it still hangs after
// `limit`, or a stop is requested.
bool wait_until_gone(const Handover& handover, camera::CaptureContext& context,
                     std::chrono::milliseconds limit);

}  // namespace onlooker::drivers
