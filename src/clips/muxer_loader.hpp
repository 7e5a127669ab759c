// Finds the module that makes clips, and opens it with the first of them: never before, so that a
// server that records nothing has nothing of it in its memory, and on a thread of its own, since
// the dozens of libraries that libavformat brings take up to seconds to load. The streams go on
// meanwhile.
//
// What formats there are is known by the module's file being there. Should it not open, the first
// clip is refused with the reason, and so are those after it.
//
// Owner: the App; it must go before the loop's io_context, and before it whoever waits. Thread: the
// loop.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/awaitable.hpp"
#include "clips/clip_module.hpp"
#include "clips/muxer.hpp"

namespace onlooker::clips {

// As in format=mkv, and at the end of a file's name.
std::string_view to_string(Format format) noexcept;
std::optional<Format> format_named(std::string_view name) noexcept;

class MuxerLoader {
  public:
    // The first folder that has the module counts.
    MuxerLoader(Executor loop, const std::vector<std::filesystem::path>& folders);
    MuxerLoader(const MuxerLoader&) = delete;
    MuxerLoader& operator=(const MuxerLoader&) = delete;
    // Waits for a load that is under way.
    ~MuxerLoader();

    // The best first; empty: there is no module.
    const std::vector<std::string>& formats() const noexcept { return formats_; }

    // Null: why_not() says why.
    Awaitable<const ClipModule*> module();
    // A sentence without its full stop.
    const std::string& why_not() const noexcept { return why_not_; }

  private:
    struct Loaded {
        const ClipModule* module = nullptr;
        std::string why_not{};
    };
    static Loaded load(const std::filesystem::path& file);
    void begin();

    Executor loop_;
    std::filesystem::path file_;
    std::vector<std::string> formats_;
    std::string why_not_;
    const ClipModule* module_ = nullptr;
    bool ended_ = true;  // a load, or there is nothing to load
    std::thread thread_;
    Timer waiting_;  // cancelled when it has ended
};

}  // namespace onlooker::clips
