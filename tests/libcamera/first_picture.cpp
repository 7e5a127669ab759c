// What libcamera itself needs until a camera that is plugged in gives its first picture, on this
// computer: the yardstick for the driver. As short as such a program can be: its manager runs
// before the camera comes, it is told of the camera, and it takes the first format that it is
// given.
//
//     first-picture         says "ready", waits for a camera, says "picture" at its first picture
#include <libcamera/libcamera.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <vector>

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

void say(const char* word) {
    std::puts(word);
    std::fflush(stdout);
}

std::shared_ptr<libcamera::Camera> next_camera(libcamera::CameraManager& manager) {
    std::promise<std::shared_ptr<libcamera::Camera>> added;
    manager.cameraAdded.connect(
        &added, [&added](std::shared_ptr<libcamera::Camera> camera) { added.set_value(camera); });
    if (manager.start() != 0)
        return nullptr;
    say("ready");
    auto camera = added.get_future();
    const bool came = camera.wait_for(patience) == std::future_status::ready;
    manager.cameraAdded.disconnect(&added);
    return came ? camera.get() : nullptr;
}

// The first request that comes back with a picture, or nothing in time.
bool gives_picture(libcamera::Camera& camera, const std::vector<libcamera::Request*>& requests) {
    std::promise<void> completed;
    bool told = false;
    camera.requestCompleted.connect(&completed, [&](libcamera::Request* request) {
        if (!told && request->status() == libcamera::Request::RequestComplete)
            completed.set_value();
        told = told || request->status() == libcamera::Request::RequestComplete;
    });
    bool sound = camera.start() == 0;
    for (libcamera::Request* request : requests)
        sound = sound && camera.queueRequest(request) == 0;
    sound = sound && completed.get_future().wait_for(patience) == std::future_status::ready;
    if (sound)
        say("picture");
    camera.stop();
    camera.requestCompleted.disconnect(&completed);
    return sound;
}

bool capture(const std::shared_ptr<libcamera::Camera>& camera) {
    auto configuration = camera->generateConfiguration({libcamera::StreamRole::VideoRecording});
    if (!configuration || configuration->validate() == libcamera::CameraConfiguration::Invalid ||
        camera->configure(configuration.get()) != 0)
        return false;
    libcamera::Stream* stream = configuration->at(0).stream();
    libcamera::FrameBufferAllocator allocator(camera);
    if (allocator.allocate(stream) <= 0)
        return false;
    std::vector<std::unique_ptr<libcamera::Request>> requests;
    std::vector<libcamera::Request*> all;
    for (const auto& buffer : allocator.buffers(stream)) {
        requests.push_back(camera->createRequest());
        if (requests.back()->addBuffer(stream, buffer.get()) != 0)
            return false;
        all.push_back(requests.back().get());
    }
    return gives_picture(*camera, all);
}

}  // namespace

int main() {
    libcamera::CameraManager manager;
    auto camera = next_camera(manager);
    bool sound = camera != nullptr && camera->acquire() == 0;
    if (sound) {
        sound = capture(camera);
        camera->release();
    }
    camera.reset();
    manager.stop();
    return sound ? 0 : 1;
}
