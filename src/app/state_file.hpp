// The file in which the program keeps, over a restart, what users have set while it ran
// (--state-file): the controls of cameras.
//
// It is read once, before the cameras are made, and written by a thread of its own: a second after
// a change, so that a slider that moves costs one writing a second, and at the end. A file that
// cannot be understood is a warning and is kept beside the new one; the program starts all the
// same. Each program needs a file of its own.
//
// Owner: the App, whose cameras must be gone before it. Thread: the loop. Errors are told in the
// log; what could not be written is tried again with the next change and at the end.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/kept_controls.hpp"
#include "base/awaitable.hpp"
#include "camera/driver.hpp"

namespace asio {
class thread_pool;
}

namespace onlooker::app {

class StateFile {
  public:
    struct Settings {
        std::filesystem::path file;
        // From the first change to the writing.
        SteadyClock::duration settling = std::chrono::seconds(1);
        // Called on the thread; none: replace_file(). Throws with words for the user.
        std::function<void(const std::filesystem::path&, std::string_view)> write{};
    };

    // Reads, and blocks meanwhile. Makes the folder if it is not there.
    StateFile(Executor loop, Settings settings);
    StateFile(const StateFile&) = delete;
    StateFile& operator=(const StateFile&) = delete;
    // Waits for a writing that is under way.
    ~StateFile();

    // See KeptControls.
    std::vector<camera::ControlChange> controls_of(
        const std::string& camera, const KeptControls::Configured& configured) const;
    void keep(const std::string& camera, const camera::ControlChange& change,
              const KeptControls::Configured& configured);

    // Writes what is not written yet, now.
    void close();
    // True when all is written, or cannot be. False at `limit`.
    Awaitable<bool> wait_closed(SteadyTime limit);

  private:
    struct State;

    std::shared_ptr<State> state_;
};

}  // namespace onlooker::app
