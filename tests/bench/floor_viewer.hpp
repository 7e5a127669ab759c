// What the floor keeps of a viewer, and the frame it sends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/unique_fd.hpp"
#include "clock.hpp"
#include "queue_rule.hpp"

namespace onlooker::bench {

// One part of format "length", boundary line included, in plain memory or in a memfd.
class FloorFrame {
  public:
    // In a memfd when `shared`: sendfile and splice need a file.
    FloorFrame(std::span<const std::byte> picture, std::uint64_t sequence, Nanoseconds captured,
               bool shared);
    ~FloorFrame();
    FloorFrame(const FloorFrame&) = delete;
    FloorFrame& operator=(const FloorFrame&) = delete;

    std::uint64_t sequence() const noexcept { return sequence_; }
    const std::byte* data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    int file() const noexcept { return file_.get(); }

  private:
    std::uint64_t sequence_;
    UniqueFd file_;
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

using FloorFramePtr = std::shared_ptr<const FloorFrame>;

struct FloorViewer {
    UniqueFd socket;
    std::string request;     // until the blank line
    bool streaming = false;  // the head is out
    bool gone = false;
    FloorFramePtr frame;  // under way, because the socket took less than all of it
    std::size_t offset = 0;
    std::uint64_t last_sequence = 0;
    QueueRule rule;
    Nanoseconds look_again = 0;  // the queue rule's next moment; 0: none
};

}  // namespace onlooker::bench
