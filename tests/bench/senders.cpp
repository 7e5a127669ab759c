#include "senders.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "sockets.hpp"

namespace onlooker::bench {
namespace {

class PlainSender : public Sender {
  public:
    void send_rest(FloorViewer& viewer) override {
        long sent = 0;
        do {
            sent = ::send(viewer.socket.get(), viewer.frame->data() + viewer.offset,
                          viewer.frame->size() - viewer.offset, flags_);
        } while (account(viewer, sent, errno));
    }

  protected:
    int flags_ = MSG_NOSIGNAL | MSG_DONTWAIT;
};

class SendfileSender final : public Sender {
  public:
    bool wants_file() const noexcept override { return true; }
    void send_rest(FloorViewer& viewer) override {
        long sent = 0;
        do {
            auto place = static_cast<off_t>(viewer.offset);
            sent = ::sendfile(viewer.socket.get(), viewer.frame->file(), &place,
                              viewer.frame->size() - viewer.offset);
        } while (account(viewer, sent, errno));
    }
};

// From the file's pages into a pipe, from there into the socket. What the socket leaves in the pipe
// is thrown away with the pipe's content and sent again from its offset.
class SpliceSender final : public Sender {
  public:
    SpliceSender() { open(); }
    bool wants_file() const noexcept override { return true; }
    void send_rest(FloorViewer& viewer) override {
        long sent = 0;
        do {
            auto place = static_cast<off_t>(viewer.offset);
            const auto wanted = viewer.frame->size() - viewer.offset;
            const long piped = ::splice(viewer.frame->file(), &place, in_.get(), nullptr, wanted,
                                        SPLICE_F_NONBLOCK);
            sent = piped <= 0 ? -1
                              : ::splice(out_.get(), nullptr, viewer.socket.get(), nullptr,
                                         static_cast<std::size_t>(piped), SPLICE_F_NONBLOCK);
            const int error = errno;
            if (sent != piped)
                open();
            errno = error;
        } while (account(viewer, sent, errno));
    }

  private:
    void open() {
        std::array<int, 2> ends{};
        check(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), "pipe2");
        out_ = UniqueFd(ends[0]);
        in_ = UniqueFd(ends[1]);
        check(fcntl(in_.get(), F_SETPIPE_SZ, 1 << 20), "F_SETPIPE_SZ");
    }
    UniqueFd in_;
    UniqueFd out_;
};

// The kernel reads the frame's own pages after send() has returned, so frames must outlive that:
// the last hundred are kept, and the notes of completion are read and dropped.
class ZeroCopySender final : public PlainSender {
  public:
    ZeroCopySender() { flags_ |= MSG_ZEROCOPY; }
    void prepare(FloorViewer& viewer) override {
        set_option(viewer.socket.get(), SOL_SOCKET, SO_ZEROCOPY, 1);
    }
    void begin(FloorViewer& viewer, const FloorFramePtr& frame) override {
        kept_[frame->sequence() % kept_.size()] = frame;
        Sender::begin(viewer, frame);
    }
    bool error_event(FloorViewer& viewer) override {
        std::array<std::byte, 256> control{};
        bool news = false;
        while (true) {
            msghdr message{};
            message.msg_control = control.data();
            message.msg_controllen = control.size();
            if (recvmsg(viewer.socket.get(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
                return news;
            news = true;
        }
    }

  private:
    std::array<FloorFramePtr, 100> kept_;
};

}  // namespace

bool account(FloorViewer& viewer, long sent, int error) {
    if (sent < 0) {
        if (error == EAGAIN || error == ENOBUFS)
            viewer.rule.fell_behind();
        else if (error != EINTR)
            viewer.gone = true;
        if (viewer.gone)
            viewer.frame.reset();
        return error == EINTR;
    }
    viewer.offset += static_cast<std::size_t>(sent);
    if (viewer.offset < viewer.frame->size())
        return true;
    viewer.frame.reset();
    return false;
}

void Sender::begin(FloorViewer& viewer, const FloorFramePtr& frame) {
    viewer.frame = frame;
    viewer.offset = 0;
    send_rest(viewer);
}

std::unique_ptr<Sender> make_sender(const std::string& mode) {
    if (mode == "send")
        return std::make_unique<PlainSender>();
    if (mode == "sendfile")
        return std::make_unique<SendfileSender>();
    if (mode == "splice")
        return std::make_unique<SpliceSender>();
    if (mode == "zerocopy")
        return std::make_unique<ZeroCopySender>();
    if (mode.starts_with("uring"))
        return make_uring_sender(mode);
    throw std::invalid_argument("--mode " + mode +
                                ": expected send, sendfile, splice, zerocopy, uring, uring-fixed "
                                "or uring-zerocopy");
}

}  // namespace onlooker::bench
