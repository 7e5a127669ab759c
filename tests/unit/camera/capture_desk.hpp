// A desk that receives what a capture thread delivers, for the tests of both crossings.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "camera/capture_thread.hpp"
#include "support/scripted_driver.hpp"
#include "support/test_loop.hpp"

namespace onlooker::test {

struct CaptureDesk final : camera::CaptureThread::Receiver, TestLoop {
    void on_delivery(camera::Delivery delivery) override {
        ++deliveries;
        if (delivery.controls)
            controls = std::move(*delivery.controls);
        for (std::string& words : delivery.warnings)
            warnings.push_back(std::move(words));
        if (delivery.broken) {
            ++broken_told;
            broken += delivery.broken->count;
            why = delivery.broken->why;
        }
        same += delivery.same;
        shrinks = shrinks || delivery.losses.sum() < losses.sum();
        losses = delivery.losses;
        if (delivery.frame) {
            losses_at_frame = delivery.losses;
            frames.push_back(std::move(delivery.frame));
        }
        if (delivery.end)
            end = std::move(delivery.end);
    }

    bool run_to_end() {
        return run_until([this] { return end.has_value(); });
    }

    std::vector<media::FramePtr> frames;
    int deliveries = 0;
    camera::Losses losses;           // as delivered last
    camera::Losses losses_at_frame;  // as delivered with the last frame
    bool shrinks = false;            // some losses were less than those before
    std::uint64_t same = 0;
    std::uint64_t broken = 0;
    int broken_told = 0;
    std::string why;
    std::vector<camera::Control> controls;
    std::vector<std::string> warnings;
    std::optional<camera::CaptureEnd> end;
};

inline std::unique_ptr<camera::CaptureThread> start(CaptureDesk& desk,
                                                    ScriptedDriver::Script script,
                                                    camera::CaptureThread::Settings settings = {}) {
    return std::make_unique<camera::CaptureThread>(
        desk.loop.get_executor(), std::make_shared<ScriptedDriver>(std::move(script)), desk,
        settings);
}

}  // namespace onlooker::test
