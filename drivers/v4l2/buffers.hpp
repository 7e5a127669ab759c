// The device's buffers, mapped into our memory (MMAP streaming).
//
// Why no DMA-BUF export: it hands a buffer to another device without a copy. Here a JPEG is copied
// once, into the frame that viewers are sent from, and raw pictures are encoded straight from the
// mapping, so that there is no copy left to save. What does cost on small boards is that their
// video memory is mapped uncached and slow to read; the request therefore asks for cached memory
// (V4L2_MEMORY_FLAG_NON_COHERENT), which kernels that do not know it ignore.
//
// A mapped buffer stays readable after the device has gone. Thread: the capture thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "v4l2/device.hpp"

namespace onlooker::drivers::v4l2 {

// One filled buffer, as it was dequeued. `planes` point into the mapping until it is given back.
struct Filled {
    unsigned index = 0;
    std::uint32_t sequence = 0;
    bool broken = false;                 // the device set its error flag
    std::optional<SteadyTime> captured;  // where it tells monotonic time
    std::array<std::span<const std::byte>, 3> planes{};
    std::size_t plane_count = 0;
};

class Buffers {
  public:
    // Requests, maps and queues `count` buffers of `memory_planes` planes (the device may give more
    // or fewer), and starts the stream. Throws CameraError.
    Buffers(const Device& device, unsigned count, unsigned memory_planes);
    Buffers(const Buffers&) = delete;
    Buffers& operator=(const Buffers&) = delete;
    // Stops the stream, unmaps and frees.
    ~Buffers();

    // A filled buffer, or nothing when none is ready. Throws when the device fails or has gone.
    std::optional<Filled> dequeue();

    // Gives a buffer back to be filled again.
    void give_back(const Filled& filled);

    std::size_t size() const noexcept { return mappings_.size(); }

  private:
    struct Mapping {
        std::array<std::span<std::byte>, 3> planes{};
    };

    unsigned request(unsigned count);
    void map(unsigned index);
    void queue(unsigned index);
    void release() noexcept;

    const Device& device_;
    unsigned memory_planes_;
    std::vector<Mapping> mappings_;
};

}  // namespace onlooker::drivers::v4l2
