// A scripted camera behind the driver's system calls.
//
// It behaves as a webcam does: lists formats and controls, hands out buffers, fills the next queued
// one at each poll. Any call can be made to fail, and what was opened and mapped is counted, so
// that a test can say: whatever fails, nothing leaks.
#pragma once

#include <linux/videodev2.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "v4l2/kernel.hpp"

namespace onlooker::test {

class FakeV4l2 final : public drivers::v4l2::Kernel {
  public:
    struct Filled {
        std::uint32_t sequence = 0;
        std::uint32_t flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
        std::string octets = "\xFF\xD8\xFF picture";
    };

    // The script: may be changed by the test at any time between pictures.

    // Away, every call is refused as the kernel does once the device is unplugged; what the driver
    // still holds of it is freed when it closes it.
    bool plugged_in = true;
    std::uint32_t capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    std::vector<std::uint32_t> formats{V4L2_PIX_FMT_MJPEG};
    std::uint32_t format_flags = 0;
    bool has_timings = false;
    int timings_error = 0;  // what QUERY_DV_TIMINGS says
    std::deque<v4l2_event> events;
    std::deque<Filled> pictures;  // what comes next; when it is empty, whole pictures in sequence
    // Microseconds from stamp to stamp; 0: each is stamped with the time it is taken at.
    std::int64_t stamp_interval = 0;
    std::time_t seconds_ahead = 0;  // by which its stamps are wrong
    // Fails call number `fail_call` (counting from 0) with `fail_error`, and all later ones too if
    // `fail_for_good`. Closing and unmapping never fail.
    std::optional<unsigned> fail_call;
    int fail_error = 0;
    bool fail_for_good = false;
    // Fails one kind of request for good.
    std::map<unsigned long, int> fail_requests;
    // Runs at each poll; for a test that asks for a stop, say.
    std::function<void()> on_poll = [] {};

    // What the driver did.
    unsigned calls = 0;
    unsigned taken = 0;  // filled buffers that it dequeued
    int open_files = 0;
    int mappings = 0;
    bool streaming = false;
    bool buffers_allocated = false;
    v4l2_format format{};
    std::map<std::uint32_t, std::int64_t> control_values{{V4L2_CID_BRIGHTNESS, 128},
                                                         {V4L2_CID_EXPOSURE_AUTO, 3}};
    std::vector<std::uint32_t> controls_set;
    bool nothing_leaked() const { return open_files == 0 && mappings == 0 && !buffers_allocated; }

    int open(const char* path, int flags) override;
    int close(int fd) override;
    int ioctl(int fd, unsigned long request, void* argument) override;
    int poll(pollfd* descriptors, std::size_t count, int timeout_ms) override;
    void* map(std::size_t length, int fd, std::int64_t offset) override;
    int unmap(void* address, std::size_t length) override;

  private:
    static constexpr int fd_number = 100000;  // never a real one
    static constexpr int unknown_request = ENOTTY;

    template <typename T>
    static T& as(void* argument) {
        return *static_cast<T*>(argument);
    }

    bool fails_now();
    int answer(unsigned long request, void* argument);
    int answer_about_format(unsigned long request, void* argument);
    int answer_about_signal(unsigned long request, void* argument);
    int answer_about_buffers(unsigned long request, void* argument);
    int answer_about_controls(unsigned long request, void* argument);
    int query_control(v4l2_query_ext_ctrl& query) const;
    int request_buffers(v4l2_requestbuffers& words);
    int dequeue(v4l2_buffer& buffer);
    Filled next_picture();
    timeval stamp(std::uint32_t sequence) const;

    std::vector<std::vector<char>> buffers_;
    std::deque<std::uint32_t> queued_;
    unsigned ready_ = 0;
    std::uint32_t sequence_ = 0;
};

}  // namespace onlooker::test
