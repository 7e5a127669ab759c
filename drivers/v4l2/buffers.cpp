#include "v4l2/buffers.hpp"

#include <linux/videodev2.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.hpp"

namespace onlooker::drivers::v4l2 {
namespace {

// One VIDIOC_..BUF argument. Multi-planar ones point at an array of planes that must live beside.
struct BufferWords {
    v4l2_buffer buffer{};
    std::array<v4l2_plane, VIDEO_MAX_PLANES> planes{};

    BufferWords(const Device& device, unsigned index, unsigned plane_count) {
        buffer.type = device.type();
        buffer.memory = V4L2_MEMORY_MMAP;
        buffer.index = index;
        if (device.multiplanar()) {
            buffer.m.planes = planes.data();
            buffer.length = plane_count;
        }
    }
    BufferWords(const BufferWords&) = delete;
    BufferWords& operator=(const BufferWords&) = delete;
};

// The kernel's monotonic clock is what libstdc++ and libc++ call the steady clock on Linux. Some
// devices compute the stamp and are a little ahead of themselves. Others have a bad clock of their
// own and stamp nonsense: the time of arrival is better than that.
std::optional<SteadyTime> time_of(const v4l2_buffer& buffer) {
    using namespace std::chrono_literals;
    if ((buffer.flags & V4L2_BUF_FLAG_TIMESTAMP_MASK) != V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
        return std::nullopt;
    const SteadyTime now = SteadyClock::now();
    const std::int64_t second = buffer.timestamp.tv_sec;
    const std::int64_t microsecond = buffer.timestamp.tv_usec;
    // Nonsense is weeded out roughly before it is counted in nanoseconds, which it may overflow.
    const auto this_second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
    const bool near = second > (this_second - 10s).count() && second < (this_second + 10s).count();
    if (!near || microsecond < 0 || microsecond >= 1'000'000)
        return std::nullopt;
    const SteadyTime time{std::chrono::seconds(second) + std::chrono::microseconds(microsecond)};
    if (time > now + 200ms || now - time > 5s)
        return std::nullopt;
    return std::min(time, now);
}

}  // namespace

Buffers::Buffers(const Device& device, unsigned count, unsigned memory_planes)
    : device_(device), memory_planes_(memory_planes) {
    try {
        const unsigned given = request(count);
        mappings_.reserve(given);
        for (unsigned index = 0; index < given; ++index)
            map(index);
        for (unsigned index = 0; index < given; ++index)
            queue(index);
        int type = static_cast<int>(device_.type());
        device_.call(Step::starting, VIDIOC_STREAMON, &type);
    } catch (...) {
        release();
        throw;
    }
}

Buffers::~Buffers() {
    int type = static_cast<int>(device_.type());
    device_.try_call(VIDIOC_STREAMOFF, &type);
    release();
}

unsigned Buffers::request(unsigned count) {
    v4l2_requestbuffers words{};
    words.count = count;
    words.type = device_.type();
    words.memory = V4L2_MEMORY_MMAP;
    words.flags = V4L2_MEMORY_FLAG_NON_COHERENT;
    device_.call(Step::making_buffers, VIDIOC_REQBUFS, &words);
    // One is with us while the next is filled; with fewer than two nothing would ever come.
    if (words.count < 2)
        throw failed(device_.path(), "has not enough memory for two pictures: try a smaller size=");
    return std::min(words.count, 64U);
}

void Buffers::map(unsigned index) {
    BufferWords words(device_, index, memory_planes_);
    device_.call(Step::making_buffers, VIDIOC_QUERYBUF, &words.buffer);
    Mapping& mapping = mappings_.emplace_back();
    for (unsigned i = 0; i < memory_planes_; ++i) {
        const bool multi = device_.multiplanar();
        const std::size_t length = multi ? words.planes[i].length : words.buffer.length;
        const std::int64_t offset = multi ? words.planes[i].m.mem_offset : words.buffer.m.offset;
        void* address = device_.kernel().map(length, device_.fd(), offset);
        if (address == nullptr)
            throw device_error(Step::making_buffers, errno, device_.path());
        mapping.planes[i] = {static_cast<std::byte*>(address), length};
    }
}

void Buffers::queue(unsigned index) {
    BufferWords words(device_, index, memory_planes_);
    device_.call(Step::capturing, VIDIOC_QBUF, &words.buffer);
}

void Buffers::release() noexcept {
    for (const Mapping& mapping : mappings_)
        for (const auto& plane : mapping.planes)
            if (!plane.empty())
                device_.kernel().unmap(plane.data(), plane.size());
    mappings_.clear();
    v4l2_requestbuffers words{};
    words.type = device_.type();
    words.memory = V4L2_MEMORY_MMAP;
    device_.try_call(VIDIOC_REQBUFS, &words);
}

std::optional<Filled> Buffers::dequeue() {
    BufferWords words(device_, 0, memory_planes_);
    const int error = device_.try_call(VIDIOC_DQBUF, &words.buffer);
    if (error == EAGAIN)
        return std::nullopt;
    if (error != 0)
        throw device_error(Step::capturing, error, device_.path());
    if (words.buffer.index >= mappings_.size())
        throw failed(device_.path(), "gave back a buffer that it never had");
    Filled filled;
    filled.index = words.buffer.index;
    filled.sequence = words.buffer.sequence;
    filled.broken = (words.buffer.flags & V4L2_BUF_FLAG_ERROR) != 0;
    filled.captured = time_of(words.buffer);
    filled.plane_count = memory_planes_;
    for (unsigned i = 0; i < memory_planes_; ++i) {
        const std::span<const std::byte> plane = mappings_[filled.index].planes[i];
        std::size_t begin = 0;
        std::size_t end = words.buffer.bytesused;
        if (device_.multiplanar()) {
            begin = words.planes[i].data_offset;
            end = words.planes[i].bytesused;
        }
        end = std::min(end, plane.size());
        filled.planes[i] = plane.subspan(std::min(begin, end), end - std::min(begin, end));
    }
    return filled;
}

void Buffers::give_back(const Filled& filled) {
    queue(filled.index);
}

}  // namespace onlooker::drivers::v4l2
