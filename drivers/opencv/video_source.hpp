// An opened cv::VideoCapture, and what is known about it. Every call may block; all are made on the
// thread of its reader. What goes wrong comes out as a CameraError.
//
// What OpenCV would do to the pictures by itself, and what happens instead:
//   - turning by the film's word (ORIENTATION_AUTO): switched off and done here, see turn.hpp;
//   - conversion to BGR (CONVERT_RGB): asked for, or undecoded octets are, never what it likes;
//   - more than 8 bits a channel (files read by CAP_IMAGES, pipelines): made 8 bits here;
//   - pixels that are not square (SAR_NUM, SAR_DEN): left as they are, as ffmpeg leaves them.
#pragma once

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include <chrono>
#include <optional>
#include <string>

#include "opencv/opencv_settings.hpp"
#include "opencv/turn.hpp"

namespace onlooker::drivers {

class VideoSource {
  public:
    explicit VideoSource(const OpencvSettings& options);

    // The next picture; false when there is none: a file's end, or a camera that went.
    bool read(cv::Mat& picture);

    // Where the picture that was just read stands in its file; nothing where nobody says.
    std::optional<std::chrono::duration<double>> position() const;
    // From one picture to the next by the source's own word; nothing when it gives none.
    std::optional<std::chrono::duration<double>> period() const;

    // Has an end and can be played at its rate, unlike a camera or a live stream.
    bool is_file() const noexcept { return is_file_; }
    // Gives its MJPEG undecoded.
    bool is_raw() const noexcept { return is_raw_; }
    // Its pictures do not stand upright, and are turned here.
    bool is_turned() const noexcept { return !turn_.is_none(); }

  private:
    bool try_open();
    void ask_for_size_and_rate();
    bool try_raw();
    Turn take_over_turning();

    OpencvSettings options_;
    cv::VideoCapture capture_;
    bool is_file_ = false;
    bool is_raw_ = false;
    Turn turn_;
    cv::Mat converted_;  // what was read, where that is not yet the picture
};

// Runs `action`; a cv::Exception becomes a CameraError.
template <typename Action>
auto translated(const OpencvSettings& options, const Action& action) -> decltype(action()) {
    try {
        return action();
    } catch (const cv::Exception& error) {
        throw camera::CameraError(camera::ErrorKind::failed,
                                  "OpenCV cannot go on with " + options.shown + ": " + error.err);
    }
}

}  // namespace onlooker::drivers
