// A USB camera without hardware, for the virtual machine: a UVC camera that gives MJPEG, made of
// GadgetFS and the kernel's dummy USB controller, so that the kernel's own uvcvideo drives it.
//
//     modprobe -a dummy_hcd gadgetfs uvcvideo; mount -t gadgetfs none /dev/gadget
//     uvc_camera FRAMES_PER_SECOND SERIAL PICTURE.jpg...
//
//     SIGUSR1   silence, and frames again        kill    unplugged
//     SIGUSR2   one frame broken, and marked so  SIGHUP  one frame cut off, and not marked
//
// Each control that is set in it is a line on standard output: "brightness 140".
//
// Why GadgetFS and not the kernel's own g_webcam: that one streams isochronously only, and the
// dummy controller refuses isochronous transfers.
#include <sched.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "uvc_camera/gadget.hpp"
#include "uvc_camera/stream.hpp"

namespace {

constexpr const char* gadget_folder = "/dev/gadget";

uvc_camera::Moods moods;

void on_signal(int number) {
    if (number == SIGUSR1)
        moods.silent = !moods.silent;
    if (number == SIGUSR2)
        moods.break_next = true;
    if (number == SIGHUP)
        moods.cut_next = true;
}

std::vector<uvc_camera::Octets> read_pictures(int count, char** paths) {
    std::vector<uvc_camera::Octets> pictures;
    for (int i = 0; i < count; ++i) {
        std::ifstream file(paths[i], std::ios::binary);
        pictures.emplace_back(std::istreambuf_iterator<char>(file),
                              std::istreambuf_iterator<char>());
        if (pictures.back().empty())
            throw std::runtime_error(std::string(paths[i]) + ": cannot be read, or is empty");
    }
    return pictures;
}

// GadgetFS lets the host go on to its next request before we have taken this one's data; what is
// late then stalls the next one. So the thread that answers goes before everything else.
void answer_at_once() {
    sched_param priority{};
    priority.sched_priority = 1;
    if (::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority) != 0)
        std::perror("uvc_camera: priority");
}

}  // namespace

int main(int count, char** words) {
    if (count < 4) {
        std::fprintf(stderr, "usage: uvc_camera FRAMES_PER_SECOND SERIAL PICTURE.jpg...\n");
        return 2;
    }
    try {
        const auto pictures = read_pictures(count - 3, words + 3);
        const std::chrono::nanoseconds interval(
            static_cast<std::int64_t>(1e9 / std::atof(words[1])));
        for (const int number : {SIGUSR1, SIGUSR2, SIGHUP})
            std::signal(number, on_signal);
        std::signal(SIGPIPE, SIG_IGN);
        onlooker::UniqueFd end_point;
        std::jthread sender;  // ends when the host goes, and with the program at the latest
        uvc_camera::Gadget gadget(gadget_folder, words[2], [&] {
            end_point = uvc_camera::open_end_point(gadget_folder);
            sender = std::jthread(
                [&] { uvc_camera::send_pictures(end_point.get(), pictures, interval, moods); });
        });
        answer_at_once();
        gadget.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "uvc_camera: %s\n", error.what());
        return 1;
    }
}
