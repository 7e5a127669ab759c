// The ways of the kernel to get one frame to many sockets, behind one interface, to compare them.
#pragma once

#include <memory>
#include <string>

#include "floor_viewer.hpp"

namespace onlooker::bench {

class Sender {
  public:
    virtual ~Sender() = default;

    // The way needs its frames in a memfd.
    virtual bool wants_file() const noexcept { return false; }
    virtual void prepare(FloorViewer&) {}
    // Goes on with the viewer's frame until all of it is in the socket (then `frame` is empty) or
    // the socket is full.
    virtual void send_rest(FloorViewer& viewer) = 0;
    // Begins `frame` for one of many; at the latest with flush() it is under way.
    virtual void begin(FloorViewer& viewer, const FloorFramePtr& frame);
    virtual void flush() {}
    // EPOLLERR came: true when it was only news for the sender.
    virtual bool error_event(FloorViewer&) { return false; }
};

// send, sendfile, splice, zerocopy, uring, uring-fixed, uring-zerocopy. Throws
// std::invalid_argument for another name, or one that was not built in, and std::system_error for
// one that the kernel refuses.
std::unique_ptr<Sender> make_sender(const std::string& mode);
std::unique_ptr<Sender> make_uring_sender(const std::string& mode);

// After the socket took `sent` octets, or refused with `error`: true when there is more to send
// now.
bool account(FloorViewer& viewer, long sent, int error);

}  // namespace onlooker::bench
