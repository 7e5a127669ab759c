// The pictures of a folder, or of one file, and what becomes of them while they are shown.
//
// look() is to be called again and again. It finds files that were put in, replaced and removed,
// whether inotify tells of them at once or, as on a share of another machine, never does: then by
// their sizes, times and inodes. No torn picture is shown:
//   - a file is read when its writer has closed it or moved it there, or when it stands still from
//     one look to the next; one that is rewritten all the time is read once in `patience`;
//   - what is no whole picture is left out, with a warning, until it changes. If it was one before,
//     that one stays for as long as the file is still written to.
//
// Memory: at most FolderLimits::total_octets of pictures are kept, first those that come first; the
// others are read when they are shown, one at a time. So at most that and two files are held.
//
// Owner: the driver's generator. Thread: the capture thread. Errors: CameraError not_found when the
// folder or file is missing or has no picture, no_permission, and failed when none of its pictures
// can be shown, with the name of the first and why.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "emulated/folder_events.hpp"

namespace onlooker::drivers {

struct FolderLimits {
    std::size_t file_octets = std::size_t{32} << 20;    // a larger one is left out
    std::size_t total_octets = std::size_t{256} << 20;  // kept in memory
    std::size_t files = 100'000;                        // more are an error: a look takes too long
    bool allow_truncated = false;                       // see media::JpegLimits
};

class PictureFolder {
  public:
    using Octets = std::vector<std::byte>;
    // What it needs of the program.
    struct Program {
        std::function<void(std::string_view words)> warn;
        std::function<bool()> stopped;  // a look over many files then ends early
    };

    // How long a file may be in the writing before it is judged as it is.
    static constexpr std::chrono::seconds patience{2};

    PictureFolder(std::filesystem::path source, const FolderLimits& limits, Program program);

    // All *.jpg and *.jpeg of the folder in natural order, without names that begin with a dot; or
    // the file. Returns whether the pictures are others than before. Throws as said above, and then
    // may be called again.
    bool look(SteadyTime now);
    // When the next look is due, if nothing is heard before.
    SteadyTime next_look() const noexcept { return next_look_; }
    // Whether something was heard of since the last look.
    bool has_news() { return events_.take(); }

    // How many can be shown: at least one after a look.
    std::size_t count() const noexcept { return shown_.size(); }
    // Empty when it has gone or is no longer whole. Good until the next call.
    std::span<const std::byte> picture(std::size_t index);

  private:
    // What the file system says of a file; it changes when the file does.
    struct State {
        ::dev_t device = 0;
        ::ino_t inode = 0;
        ::off_t size = 0;
        std::int64_t modified = 0;  // nanoseconds
        friend bool operator==(const State&, const State&) = default;
    };
    struct File {
        std::filesystem::path path;
        std::optional<State> state{};  // at the last look; nothing: not seen yet, or gone
        SteadyTime changed{};          // when that was new
        SteadyTime restless_since{};   // it was last read, or began to change since
        std::optional<State> read{};   // of what was read last
        std::string problem{};         // why that is no picture to show; empty: it is one
        bool is_told = false;
        bool is_shown = false;
        Octets octets{};  // kept; empty: it is read when it is shown
    };

    static std::optional<State> state_of(const std::filesystem::path& path);
    bool take_over(std::vector<std::filesystem::path>&& paths, SteadyTime now);
    bool look_at(File& file, SteadyTime now);
    bool read(File& file, SteadyTime now);
    void hide(File& file);
    std::string read_picture(const std::filesystem::path& path, Octets& octets) const;
    void tell_problems(SteadyTime now);
    [[noreturn]] void throw_nothing_to_show() const;

    std::filesystem::path source_;
    FolderLimits limits_;
    Program program_;
    FolderEvents events_;
    std::vector<File> files_;         // in natural order
    std::vector<std::size_t> shown_;  // their places in files_
    std::size_t kept_octets_ = 0;
    Octets passing_;  // a picture that is not kept
    SteadyTime next_look_{};
};

}  // namespace onlooker::drivers
