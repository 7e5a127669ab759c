// floor: the least that any server can pay to send these frames to these sockets.
//
// One thread, one epoll, one timer. Per frame and viewer one send() and nothing else; a viewer
// whose socket took less than the whole frame is told by an edge of EPOLLOUT when to go on, and
// from then on until it has been on time for thirty frames it is asked by the queue rule
// (queue_rule.hpp) whether the wire is free. No HTTP beyond a blank line, no limits, no time-outs.
//
//     floor --port 5001 --size 75k --fps 30 [--mode send] [--queue-rule on] [--low-water 16384]

#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "pictures.hpp"
#include "senders.hpp"
#include "sockets.hpp"

namespace onlooker::bench {
namespace {

constexpr std::string_view usage =
    R"(floor: the least that any server can pay to send these frames to these sockets.

  --host ADDRESS      IPv4 address to listen on (127.0.0.1)
  --port PORT         (5001)
  --size SIZE         length of the pictures: 75k, or a range 73k-138k (75k)
  --pictures FOLDER   pictures made by bench-pictures, instead of --size
  --fps RATE          frames per second (30)
  --mode WAY          send, sendfile, splice, zerocopy, uring, uring-fixed, uring-zerocopy (send)
  --queue-rule on|off whether a viewer that is behind waits until the wire is free (on)
  --low-water OCTETS  TCP_NOTSENT_LOWAT; 0: the kernel's own (16384)
  --try on            only tell whether the kernel lets --mode be used (off)
)";

constexpr std::string_view response_head =
    "HTTP/1.0 200 OK\r\n"
    "Connection: close\r\n"
    "Content-Type: multipart/x-mixed-replace;boundary=boundarydonotcross\r\n"
    "Cache-Control: no-store, no-cache, must-revalidate, private, no-transform, max-age=0\r\n"
    "Pragma: no-cache\r\n"
    "Expires: Mon, 3 Jan 2000 12:34:56 GMT\r\n"
    "X-Accel-Buffering: no\r\n"
    "Server: floor\r\n"
    "\r\n"
    "--boundarydonotcross\r\n";

struct Options {
    std::string address;
    std::uint16_t port = 0;
    double rate = 30;
    bool queue_rule = true;
    int low_water = 16384;  // octets; 0: the kernel's own habit
};

class Floor {
  public:
    Floor(const Options& options, std::vector<Octets> pictures, std::unique_ptr<Sender> sender);
    [[noreturn]] void run();

  private:
    void tick();
    void accept_all();
    void event(FloorViewer& viewer, std::uint32_t events);
    void read_request(FloorViewer& viewer);
    void begin_newest(FloorViewer& viewer);
    bool wait_for_queue(FloorViewer& viewer);
    Nanoseconds look_again();
    void forget_gone();
    void watch(int fd, std::uint32_t events, void* who);

    Options options_;
    std::vector<Octets> pictures_;
    std::unique_ptr<Sender> sender_;
    UniqueFd listener_;
    UniqueFd epoll_;
    UniqueFd timer_;
    Schedule schedule_;
    std::uint64_t sent_sequence_ = 0;
    FloorFramePtr newest_;
    std::vector<std::unique_ptr<FloorViewer>> viewers_;
    bool somebody_waits_ = false;
    bool somebody_gone_ = false;
};

Floor::Floor(const Options& options, std::vector<Octets> pictures, std::unique_ptr<Sender> sender)
    : options_(options),
      pictures_(std::move(pictures)),
      sender_(std::move(sender)),
      listener_(listen_on(options.address, options.port)),
      epoll_(check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(check(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")),
      schedule_(monotonic_now(), options.rate) {
    const itimerspec times{.it_interval = to_timespec(schedule_.period()),
                           .it_value = to_timespec(schedule_.due(1))};
    check(timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &times, nullptr), "timerfd_settime");
    watch(listener_.get(), EPOLLIN, &listener_);
    watch(timer_.get(), EPOLLIN, &timer_);
}

void Floor::watch(int fd, std::uint32_t events, void* who) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = who;
    check(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

void Floor::run() {
    std::array<epoll_event, 512> events;
    while (true) {
        const Nanoseconds until = somebody_waits_ ? look_again() : 0;
        const timespec rest = to_timespec(std::max<Nanoseconds>(until - monotonic_now(), 0));
        const int count = epoll_pwait2(epoll_.get(), events.data(), events.size(),
                                       until == 0 ? nullptr : &rest, nullptr);
        if (count < 0 && errno != EINTR)
            check(count, "epoll_pwait2");
        for (int i = 0; i < count; ++i) {
            void* who = events[static_cast<std::size_t>(i)].data.ptr;
            if (who == &timer_)
                tick();
            else if (who == &listener_)
                accept_all();
            else
                event(*static_cast<FloorViewer*>(who), events[static_cast<std::size_t>(i)].events);
        }
        if (somebody_gone_)
            forget_gone();
    }
}

void Floor::tick() {
    std::uint64_t expirations = 0;
    if (::read(timer_.get(), &expirations, sizeof expirations) < 0)
        return;
    const std::uint64_t sequence = schedule_.index_at(monotonic_now());
    if (sequence <= sent_sequence_)
        return;
    sent_sequence_ = sequence;
    if (viewers_.empty()) {
        newest_.reset();
        return;
    }
    newest_ = std::make_shared<FloorFrame>(pictures_[sequence % pictures_.size()], sequence,
                                           schedule_.due(sequence), sender_->wants_file());
    // In one pass: what a viewer is lies outside the caches when its turn comes.
    for (const auto& viewer : viewers_) {
        if (!viewer->streaming || viewer->frame || viewer->look_again != 0 || viewer->gone)
            continue;
        if (options_.queue_rule && !viewer->rule.on_time() && wait_for_queue(*viewer))
            continue;
        viewer->last_sequence = sequence;
        sender_->begin(*viewer, newest_);
        somebody_gone_ |= viewer->gone;
    }
    sender_->flush();
}

// True: not yet, look_again says when.
bool Floor::wait_for_queue(FloorViewer& viewer) {
    const Nanoseconds rest = viewer.rule.rest(viewer.socket.get());
    viewer.look_again = rest == 0 ? 0 : monotonic_now() + rest;
    somebody_waits_ |= rest != 0;
    return rest != 0;
}

void Floor::begin_newest(FloorViewer& viewer) {
    while (!viewer.frame && !viewer.gone && newest_ && newest_->sequence() > viewer.last_sequence) {
        if (options_.queue_rule && !viewer.rule.on_time() && wait_for_queue(viewer))
            return;
        viewer.last_sequence = newest_->sequence();
        viewer.frame = newest_;
        viewer.offset = 0;
        sender_->send_rest(viewer);
    }
    somebody_gone_ |= viewer.gone;
}

// Serves those whose moment has come; gives the next moment, 0 when nobody waits any more.
Nanoseconds Floor::look_again() {
    const Nanoseconds now = monotonic_now();
    Nanoseconds earliest = 0;
    for (const auto& viewer : viewers_) {
        if (viewer->look_again == 0 || viewer->gone)
            continue;
        if (viewer->look_again <= now) {
            viewer->look_again = 0;
            // Asks the rule again even when no newer frame is there, which is cheap and rare.
            begin_newest(*viewer);
        }
        if (viewer->look_again != 0)
            earliest = earliest == 0 ? viewer->look_again : std::min(earliest, viewer->look_again);
    }
    somebody_waits_ = earliest != 0;
    return earliest;
}

void Floor::accept_all() {
    while (true) {
        const int fd = accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        auto& viewer = *viewers_.emplace_back(std::make_unique<FloorViewer>());
        viewer.socket = UniqueFd(fd);
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        if (options_.low_water > 0)
            set_option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, options_.low_water);
        sender_->prepare(viewer);
        watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, &viewer);
    }
}

void Floor::event(FloorViewer& viewer, std::uint32_t events) {
    if (viewer.gone)
        return;
    if ((events & EPOLLERR) != 0 && !sender_->error_event(viewer))
        viewer.gone = true;
    if ((events & (EPOLLHUP | EPOLLRDHUP)) != 0)
        viewer.gone = true;
    if ((events & EPOLLIN) != 0 && !viewer.streaming)
        read_request(viewer);
    if ((events & EPOLLOUT) != 0 && viewer.frame) {
        sender_->send_rest(viewer);
        if (!viewer.frame)
            begin_newest(viewer);
    }
    somebody_gone_ |= viewer.gone;
}

void Floor::read_request(FloorViewer& viewer) {
    std::array<char, 4096> buffer;
    const long size = recv(viewer.socket.get(), buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        viewer.gone = size == 0 || errno != EAGAIN;
        return;
    }
    viewer.request.append(buffer.data(), static_cast<std::size_t>(size));
    if (viewer.request.find("\r\n\r\n") == std::string::npos)
        return;
    viewer.request = {};
    viewer.streaming = true;
    const long sent =
        ::send(viewer.socket.get(), response_head.data(), response_head.size(), MSG_NOSIGNAL);
    viewer.gone = sent != static_cast<long>(response_head.size());
    begin_newest(viewer);
}

void Floor::forget_gone() {
    std::erase_if(viewers_, [](const auto& viewer) { return viewer->gone; });
    somebody_gone_ = false;
}

int run(int count, char** values) {
    Arguments arguments(count, values, usage);
    Options options;
    options.address = arguments.text("host", "127.0.0.1");
    options.port = static_cast<std::uint16_t>(arguments.integer("port", 5001));
    options.rate = arguments.number("fps", 30);
    options.queue_rule = arguments.flag("queue-rule", true);
    options.low_water = static_cast<int>(arguments.integer("low-water", 16384));
    const auto size = arguments.text("size", "75k");
    const auto folder = arguments.text("pictures", "");
    auto sender = make_sender(arguments.text("mode", "send"));
    const bool only_try = arguments.flag("try", false);
    arguments.expect_no_others();
    if (only_try)
        return 0;
    raise_descriptor_limit();
    // sendfile and splice have no flag against it.
    std::signal(SIGPIPE, SIG_IGN);
    Floor(options, folder.empty() ? make_pictures(size) : load_pictures(folder), std::move(sender))
        .run();
}

}  // namespace
}  // namespace onlooker::bench

int main(int count, char** values) try {
    return onlooker::bench::run(count, values);
} catch (const std::exception& error) {
    std::fprintf(stderr, "floor: %s\n", error.what());
    return 2;
}
