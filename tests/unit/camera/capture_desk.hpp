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
    void on_frame(media::FramePtr frame, const camera::Losses& losses) override {
        frames.push_back(std::move(frame));
        lost += losses.sum();
        lost_on_loop += losses.loop;
    }
    void on_losses(const camera::Losses& losses) override { lost_in_all += losses; }
    void on_broken(std::uint32_t count, const std::string& words) override {
        ++broken_told;
        broken += count;
        why = words;
    }
    void on_controls(std::vector<camera::Control> told) override { controls = std::move(told); }
    void on_warning(const std::string& words) override { warnings.push_back(words); }
    void on_end(camera::CaptureEnd how) override { end = std::move(how); }

    bool run_to_end() {
        return run_until([this] { return end.has_value(); });
    }

    std::vector<media::FramePtr> frames;
    std::uint32_t lost = 0;
    std::uint32_t lost_on_loop = 0;
    camera::Losses lost_in_all;
    std::uint32_t broken = 0;
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
