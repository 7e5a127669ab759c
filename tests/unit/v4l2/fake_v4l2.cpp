#include "fake_v4l2.hpp"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace onlooker::test {
namespace {

constexpr std::size_t buffer_size = 640 * 480 * 2;

timeval now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return {time.tv_sec, time.tv_nsec / 1000};
}

}  // namespace

bool FakeV4l2::fails_now() {
    const unsigned call = calls++;
    return fail_call && (call == *fail_call || (fail_for_good && call > *fail_call));
}

int FakeV4l2::open(const char*, int) {
    if (!plugged_in || fails_now()) {
        errno = plugged_in ? fail_error : ENOENT;
        return -1;
    }
    ++open_files;
    return fd_number;
}

int FakeV4l2::close(int) {
    --open_files;
    if (!plugged_in) {
        streaming = false;
        buffers_allocated = false;
    }
    return 0;
}

// Mapped memory outlives the device, as the kernel's does; mmap(2) knows no interruption.
void* FakeV4l2::map(std::size_t, int, std::int64_t offset) {
    if (fails_now() && fail_error != EINTR) {
        errno = fail_error;
        return nullptr;
    }
    ++mappings;
    return buffers_.at(static_cast<std::size_t>(offset)).data();
}

int FakeV4l2::unmap(void*, std::size_t) {
    --mappings;
    return 0;
}

int FakeV4l2::poll(pollfd* descriptors, std::size_t, int) {
    on_poll();
    if (fails_now()) {
        errno = fail_error;
        return -1;
    }
    if (!plugged_in) {
        descriptors[0].revents = POLLPRI | POLLERR | POLLHUP;
        return 1;
    }
    ready_ = std::min(ready_ + 1, static_cast<unsigned>(queued_.size()));
    descriptors[0].revents =
        static_cast<short>((ready_ > 0 ? POLLIN : 0) | (events.empty() ? 0 : POLLPRI));
    descriptors[1].revents = 0;
    ::poll(&descriptors[1], 1, 0);
    return 1;
}

int FakeV4l2::ioctl(int, unsigned long request, void* argument) {
    // What goes back to the kernel on the way out works whatever happened before.
    const bool leaving =
        request == VIDIOC_STREAMOFF ||
        (request == VIDIOC_REQBUFS && as<v4l2_requestbuffers>(argument).count == 0);
    int error = 0;
    if (!plugged_in)
        error = ENODEV;
    else if (!leaving && fails_now())
        error = fail_error;
    else if (const auto found = fail_requests.find(request);
             !leaving && found != fail_requests.end())
        error = found->second;
    else
        error = answer(request, argument);
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}

int FakeV4l2::answer(unsigned long request, void* argument) {
    if (request == VIDIOC_QUERYCAP) {
        auto& words = as<v4l2_capability>(argument);
        std::strcpy(reinterpret_cast<char*>(words.card), "Fake camera");
        words.capabilities = capabilities;
        return 0;
    }
    for (auto part : {&FakeV4l2::answer_about_format, &FakeV4l2::answer_about_signal,
                      &FakeV4l2::answer_about_buffers, &FakeV4l2::answer_about_controls})
        if (const int error = (this->*part)(request, argument); error != unknown_request)
            return error;
    return unknown_request;
}

int FakeV4l2::answer_about_buffers(unsigned long request, void* argument) {
    switch (request) {
        case VIDIOC_REQBUFS:
            return request_buffers(as<v4l2_requestbuffers>(argument));
        case VIDIOC_QUERYBUF: {
            auto& words = as<v4l2_buffer>(argument);
            words.length = buffer_size;
            words.m.offset = words.index;
            return 0;
        }
        case VIDIOC_QBUF:
            queued_.push_back(as<v4l2_buffer>(argument).index);
            return 0;
        case VIDIOC_DQBUF:
            return dequeue(as<v4l2_buffer>(argument));
        case VIDIOC_STREAMON:
            streaming = true;
            return 0;
        case VIDIOC_STREAMOFF:
            streaming = false;
            queued_.clear();
            ready_ = 0;
            return 0;
        default:
            return unknown_request;
    }
}

int FakeV4l2::request_buffers(v4l2_requestbuffers& words) {
    if (mappings > 0)
        return EBUSY;  // freed only once nobody has them mapped
    buffers_.assign(words.count, std::vector<char>(buffer_size));
    buffers_allocated = words.count > 0;
    queued_.clear();
    return 0;
}

FakeV4l2::Filled FakeV4l2::next_picture() {
    Filled picture;
    picture.sequence = sequence_;
    if (!pictures.empty()) {
        picture = pictures.front();
        pictures.pop_front();
    } else if (format.fmt.pix.pixelformat != V4L2_PIX_FMT_MJPEG &&
               format.fmt.pix.pixelformat != V4L2_PIX_FMT_JPEG) {
        picture.octets.assign(buffer_size, '\x80');
    }
    sequence_ = picture.sequence + 1;
    return picture;
}

// Stamps of its own lie in the last few seconds, as a driver that is believed has them.
timeval FakeV4l2::stamp(std::uint32_t sequence) const {
    timeval time = now();
    if (stamp_interval > 0) {
        const std::int64_t since = sequence * stamp_interval;
        time.tv_sec += static_cast<std::time_t>(since / 1'000'000 - 3);
        time.tv_usec = static_cast<suseconds_t>(since % 1'000'000);
    }
    time.tv_sec += seconds_ahead;
    return time;
}

int FakeV4l2::dequeue(v4l2_buffer& buffer) {
    if (!streaming)
        return EINVAL;
    if (ready_ == 0 || queued_.empty())
        return EAGAIN;
    --ready_;
    ++taken;
    const Filled picture = next_picture();
    buffer.index = queued_.front();
    queued_.pop_front();
    std::memcpy(buffers_[buffer.index].data(), picture.octets.data(), picture.octets.size());
    buffer.bytesused = static_cast<__u32>(picture.octets.size());
    buffer.sequence = picture.sequence;
    buffer.flags = picture.flags;
    buffer.timestamp = stamp(picture.sequence);
    return 0;
}

}  // namespace onlooker::test
