// The frame to all viewers by one system call: one submission per viewer in a ring. Sockets that
// are full are left to epoll and send(), as with the other ways.

#include <liburing.h>

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "senders.hpp"

namespace onlooker::bench {
namespace {

constexpr unsigned ring_entries = 4096;
constexpr std::size_t slots = 64;  // frames that live while the kernel may read them
constexpr std::size_t slot_size = std::size_t{1} << 20;

enum class Way { plain, fixed, zero_copy };

class UringSender final : public Sender {
  public:
    explicit UringSender(Way way) : way_(way), plain_(make_sender("send")) {
        const int error = io_uring_queue_init(ring_entries, &ring_, 0);
        if (error < 0)
            throw std::system_error(-error, std::system_category(), "io_uring_queue_init");
        if (way_ != Way::plain)
            register_buffers();
    }
    ~UringSender() override { io_uring_queue_exit(&ring_); }

    void send_rest(FloorViewer& viewer) override { plain_->send_rest(viewer); }

    void begin(FloorViewer& viewer, const FloorFramePtr& frame) override {
        if (frame->sequence() != laid_out_)
            lay_out(*frame);
        if (open_ == ring_entries)
            flush();
        viewer.frame = frame;
        viewer.offset = 0;
        io_uring_sqe* entry = io_uring_get_sqe(&ring_);
        fill(entry, viewer.socket.get(), data_, frame->size());
        io_uring_sqe_set_data(entry, &viewer);
        ++open_;
    }

    void flush() override {
        if (open_ == 0)
            return;
        io_uring_submit_and_wait(&ring_, open_);
        while (open_ > 0) {
            io_uring_cqe* done = nullptr;
            if (io_uring_wait_cqe(&ring_, &done) < 0)
                continue;
            // A notice that a zero-copy buffer is free again ends nobody's send.
            if ((done->flags & IORING_CQE_F_NOTIF) == 0) {
                finish(*static_cast<FloorViewer*>(io_uring_cqe_get_data(done)), done->res);
                --open_;
            }
            io_uring_cqe_seen(&ring_, done);
        }
    }

  private:
    void register_buffers() {
        memory_.resize(slots * slot_size);
        std::array<iovec, slots> buffers;
        for (std::size_t i = 0; i < slots; ++i)
            buffers[i] = {.iov_base = memory_.data() + i * slot_size, .iov_len = slot_size};
        const int error = io_uring_register_buffers(&ring_, buffers.data(), slots);
        if (error < 0)
            throw std::system_error(-error, std::system_category(), "io_uring_register_buffers");
    }

    void lay_out(const FloorFrame& frame) {
        data_ = frame.data();
        slot_ = frame.sequence() % slots;
        laid_out_ = frame.sequence();
        if (way_ == Way::plain)
            return;
        if (frame.size() > slot_size)
            throw std::length_error("uring: the frame is larger than a registered buffer");
        std::memcpy(memory_.data() + slot_ * slot_size, data_, frame.size());
        data_ = memory_.data() + slot_ * slot_size;
    }

    void fill(io_uring_sqe* entry, int socket, const std::byte* data, std::size_t size) {
        constexpr int flags = MSG_NOSIGNAL | MSG_DONTWAIT;
        const auto index = static_cast<unsigned>(slot_);
        if (way_ == Way::plain)
            io_uring_prep_send(entry, socket, data, size, flags);
        else if (way_ == Way::fixed)
            io_uring_prep_write_fixed(entry, socket, data, static_cast<unsigned>(size), 0,
                                      static_cast<int>(index));
        else
            io_uring_prep_send_zc_fixed(entry, socket, data, size, flags, 0, index);
    }

    void finish(FloorViewer& viewer, int result) {
        if (account(viewer, result < 0 ? -1 : result, -result))
            plain_->send_rest(viewer);
    }

    Way way_;
    std::unique_ptr<Sender> plain_;
    io_uring ring_{};
    std::vector<std::byte> memory_;
    const std::byte* data_ = nullptr;  // of the frame that is laid out
    std::uint64_t laid_out_ = 0;       // its sequence number
    std::size_t slot_ = 0;
    unsigned open_ = 0;  // submissions that are not done
};

}  // namespace

std::unique_ptr<Sender> make_uring_sender(const std::string& mode) {
    if (mode == "uring")
        return std::make_unique<UringSender>(Way::plain);
    if (mode == "uring-fixed")
        return std::make_unique<UringSender>(Way::fixed);
    if (mode == "uring-zerocopy")
        return std::make_unique<UringSender>(Way::zero_copy);
    throw std::invalid_argument("--mode " + mode +
                                ": expected uring, uring-fixed or uring-zerocopy");
}

}  // namespace onlooker::bench
