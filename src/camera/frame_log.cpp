#include "camera/frame_log.hpp"

namespace onlooker::camera {

FrameLog::FrameLog(std::size_t capacity) : chunks_((capacity + chunk_rows - 1) / chunk_rows) {}

void FrameLog::add(const Row& row) {
    const auto place = static_cast<std::size_t>(end_ % capacity());
    std::unique_ptr<Chunk>& chunk = chunks_[place / chunk_rows];
    if (!chunk)
        chunk = std::make_unique<Chunk>();
    (*chunk)[place % chunk_rows] = row;
    ++end_;
}

const FrameLog::Row& FrameLog::at(std::uint64_t position) const noexcept {
    const auto place = static_cast<std::size_t>(position % capacity());
    return (*chunks_[place / chunk_rows])[place % chunk_rows];
}

}  // namespace onlooker::camera
