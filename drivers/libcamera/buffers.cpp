#include "libcamera/buffers.hpp"

#include <unistd.h>

#include <linux/dma-buf.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <string>
#include <utility>

#include "base/unique_fd.hpp"
#include "camera/driver.hpp"

namespace onlooker::drivers::libcamera_driver {

namespace {

[[noreturn]] void fail(const std::string& what, int error) {
    throw camera::CameraError(camera::ErrorKind::failed,
                              what + ": " + std::strerror(error < 0 ? -error : error));
}

libcamera::SharedFD ordinary_memory(std::size_t size) {
    UniqueFd memory(::memfd_create("onlooker-picture", MFD_CLOEXEC));
    if (!memory || ::ftruncate(memory.get(), static_cast<off_t>(size)) != 0)
        fail("no memory for a picture buffer of " + std::to_string(size) + " octets", errno);
    // This constructor of SharedFD takes the descriptor over and sets ours to -1.
    int descriptor = memory.release();
    return libcamera::SharedFD(std::move(descriptor));
}

}  // namespace

Buffers::Buffers(std::shared_ptr<libcamera::Camera> camera,
                 const libcamera::StreamConfiguration& configuration, const KnownFormat& format,
                 BufferMaker maker)
    : camera_(std::move(camera)) {
    try {
        const bool allocated = maker != BufferMaker::memory && allocate(configuration.stream());
        if (!allocated && maker == BufferMaker::camera)
            fail(
                "the camera's driver makes no picture buffers (the kernel may lack udmabuf and "
                "dma-heap); leave buffers=camera away",
                ENOBUFS);
        if (!allocated)
            make(configuration, format);
        for (const libcamera::FrameBuffer* buffer : all_)
            map(*buffer);
    } catch (...) {
        unmap();
        throw;
    }
}

Buffers::~Buffers() {
    unmap();
    planes_.clear();
    own_.clear();
    if (allocator_ && allocated_ != nullptr)
        allocator_->free(allocated_);
}

bool Buffers::allocate(libcamera::Stream* stream) {
    allocator_ = std::make_unique<libcamera::FrameBufferAllocator>(camera_);
    if (allocator_->allocate(stream) <= 0) {
        allocator_.reset();
        return false;
    }
    allocated_ = stream;
    for (const auto& buffer : allocator_->buffers(stream))
        all_.push_back(buffer.get());
    return true;
}

void Buffers::make(const libcamera::StreamConfiguration& configuration, const KnownFormat& format) {
    std::vector<std::size_t> sizes{configuration.frameSize};
    if (format.raw)
        sizes = plane_sizes(*format.raw, {configuration.size.width, configuration.size.height},
                            configuration.stride);
    const std::size_t whole = std::max<std::size_t>(
        configuration.frameSize, std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
    for (unsigned i = 0; i < std::max(configuration.bufferCount, 2U); ++i) {
        const libcamera::SharedFD memory = ordinary_memory(whole);
        std::vector<libcamera::FrameBuffer::Plane> planes;
        std::size_t offset = 0;
        for (const std::size_t size : sizes) {
            libcamera::FrameBuffer::Plane plane;
            plane.fd = memory;
            plane.offset = static_cast<unsigned>(offset);
            plane.length = static_cast<unsigned>(size);
            planes.push_back(plane);
            offset += size;
        }
        own_.push_back(std::make_unique<libcamera::FrameBuffer>(planes));
        all_.push_back(own_.back().get());
    }
}

void Buffers::map(const libcamera::FrameBuffer& buffer) {
    std::map<int, std::size_t> ends;
    for (const auto& plane : buffer.planes()) {
        if (plane.offset == libcamera::FrameBuffer::Plane::kInvalidOffset)
            fail("the camera's driver does not say where the planes of a picture lie", EINVAL);
        std::size_t& end = ends[plane.fd.get()];
        end = std::max(end, std::size_t{plane.offset} + plane.length);
    }
    for (const auto& [descriptor, size] : ends) {
        if (mappings_.contains(descriptor))
            continue;
        void* start = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
        if (start == MAP_FAILED)
            fail("the picture buffers cannot be mapped", errno);
        mappings_[descriptor] = {start, size};
    }
    auto& planes = planes_[&buffer];
    for (const auto& plane : buffer.planes()) {
        const auto* start = static_cast<const std::byte*>(mappings_.at(plane.fd.get()).start);
        planes.emplace_back(start + plane.offset, plane.length);
    }
}

void Buffers::unmap() noexcept {
    for (const auto& [descriptor, mapping] : mappings_)
        ::munmap(mapping.start, mapping.size);
    mappings_.clear();
}

void Buffers::begin_reading(const libcamera::FrameBuffer* buffer) const {
    synchronise(buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
}

void Buffers::end_reading(const libcamera::FrameBuffer* buffer) const {
    synchronise(buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
}

void Buffers::synchronise(const libcamera::FrameBuffer* buffer, std::uint64_t direction) const {
    if (!own_.empty())
        return;
    int last = -1;
    for (const auto& plane : buffer->planes()) {
        if (std::exchange(last, plane.fd.get()) == plane.fd.get())
            continue;
        dma_buf_sync sync{.flags = direction};
        // A failure is the kernel's word that this memory needs none.
        ::ioctl(plane.fd.get(), DMA_BUF_IOCTL_SYNC, &sync);
    }
}

}  // namespace onlooker::drivers::libcamera_driver
