// The buffers that a camera fills, mapped once for as long as the camera runs.
//
// They come from the camera's own driver, or, where the system has nothing to make them from (the
// virtual pipeline needs udmabuf or a dma-heap), from us: ordinary memory with a descriptor.
#pragma once

#include <libcamera/camera.h>
#include <libcamera/framebuffer.h>
#include <libcamera/framebuffer_allocator.h>
#include <sys/types.h>

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "libcamera/formats.hpp"
#include "libcamera/settings.hpp"

namespace onlooker::drivers::libcamera_driver {

class Buffers {
  public:
    // The camera is configured with `configuration`; its size may differ from the one asked for.
    // Throws camera::CameraError.
    Buffers(std::shared_ptr<libcamera::Camera> camera,
            const libcamera::StreamConfiguration& configuration, const KnownFormat& format,
            BufferMaker maker);
    ~Buffers();
    Buffers(const Buffers&) = delete;
    Buffers& operator=(const Buffers&) = delete;

    const std::vector<libcamera::FrameBuffer*>& all() const noexcept { return all_; }

    // The planes of a buffer as they lie in memory.
    const std::vector<std::span<const std::byte>>& planes(
        const libcamera::FrameBuffer* buffer) const {
        return planes_.at(buffer);
    }

    // Between these two the memory shows what the device wrote, also where the processor's caches
    // do not see the device (Raspberry Pi).
    void begin_reading(const libcamera::FrameBuffer* buffer) const;
    void end_reading(const libcamera::FrameBuffer* buffer) const;

  private:
    bool allocate(libcamera::Stream* stream);
    void make(const libcamera::StreamConfiguration& configuration, const KnownFormat& format);
    void map(const libcamera::FrameBuffer& buffer);
    void unmap() noexcept;
    void synchronise(const libcamera::FrameBuffer* buffer, std::uint64_t direction) const;

    std::shared_ptr<libcamera::Camera> camera_;
    std::unique_ptr<libcamera::FrameBufferAllocator> allocator_;
    libcamera::Stream* allocated_ = nullptr;
    std::vector<std::unique_ptr<libcamera::FrameBuffer>> own_;
    std::vector<libcamera::FrameBuffer*> all_;

    struct Mapping {
        void* start;
        std::size_t size;
    };
    std::map<int, Mapping> mappings_;  // by descriptor
    std::map<const libcamera::FrameBuffer*, std::vector<std::span<const std::byte>>> planes_;
};

}  // namespace onlooker::drivers::libcamera_driver
