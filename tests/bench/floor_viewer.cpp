#include "floor_viewer.hpp"

#include <unistd.h>

#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>

#include "pictures.hpp"
#include "sockets.hpp"

namespace onlooker::bench {

FloorFrame::FloorFrame(std::span<const std::byte> picture, std::uint64_t sequence,
                       Nanoseconds captured, bool shared)
    : sequence_(sequence) {
    char header[128];
    const int written = std::snprintf(
        header, sizeof header,
        "Content-Type: image/jpeg\r\nContent-Length: %zu\r\nX-Timestamp: %lld.%06lld\r\n\r\n",
        picture.size(), static_cast<long long>(captured / one_second),
        static_cast<long long>(captured % one_second / 1000));
    constexpr std::string_view tail = "\r\n--boundarydonotcross\r\n";
    const auto header_size = static_cast<std::size_t>(written);
    size_ = header_size + picture.size() + tail.size();
    if (shared) {
        file_ = UniqueFd(check(memfd_create("frame", MFD_CLOEXEC), "memfd_create"));
        check(ftruncate(file_.get(), static_cast<off_t>(size_)), "ftruncate");
        void* memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
        if (memory == MAP_FAILED)
            throw std::bad_alloc();
        data_ = static_cast<std::byte*>(memory);
    } else {
        data_ = new std::byte[size_];
    }
    std::memcpy(data_, header, header_size);
    std::memcpy(data_ + header_size, picture.data(), picture.size());
    write_stamp(std::span(data_ + header_size, picture.size()), sequence, captured);
    std::memcpy(data_ + header_size + picture.size(), tail.data(), tail.size());
}

FloorFrame::~FloorFrame() {
    if (file_)
        munmap(data_, size_);
    else
        delete[] data_;
}

}  // namespace onlooker::bench
