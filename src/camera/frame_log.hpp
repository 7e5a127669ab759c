// What became of the last 100,000 frames of a camera: the table behind /frames and /frames.csv.
//
// A ring of rows in chunks that are made when they are first needed, so that a camera nobody looks
// at costs nothing, and one that runs for months costs 4 MiB. Rows are found by their position,
// which counts from 0 and never starts over; a reader that is slower than the camera asks begin()
// again and skips the rows that are gone.
//
// Owner: the camera. Thread: the loop.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace onlooker::camera {

class FrameLog {
  public:
    struct Row {
        std::uint64_t number = 0;
        std::chrono::system_clock::time_point captured;
        std::uint32_t age_when_published = 0;  // microseconds from capture to the loop
        std::uint32_t octets = 0;
        std::uint32_t viewers = 0;  // when it was published
        std::uint32_t late = 0;     // of these: still busy with an older frame
        std::uint32_t lost = 0;     // frames lost between the one before and this one
        std::uint32_t same = 0;     // pictures between them that showed nothing new
    };

    static constexpr std::size_t chunk_rows = 1000;
    static constexpr std::size_t default_capacity = 100'000;

    // `capacity` is rounded up to whole chunks.
    explicit FrameLog(std::size_t capacity = default_capacity);

    void add(const Row& row);

    // Rows with position begin() <= p < end() are there.
    std::uint64_t begin() const noexcept { return end_ > capacity() ? end_ - capacity() : 0; }
    std::uint64_t end() const noexcept { return end_; }
    const Row& at(std::uint64_t position) const noexcept;

  private:
    using Chunk = std::array<Row, chunk_rows>;
    std::size_t capacity() const noexcept { return chunks_.size() * chunk_rows; }

    std::vector<std::unique_ptr<Chunk>> chunks_;
    std::uint64_t end_ = 0;
};

}  // namespace onlooker::camera
