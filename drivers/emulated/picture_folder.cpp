#include "emulated/picture_folder.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>

#include "base/text.hpp"
#include "camera/driver.hpp"
#include "emulated/picture_listing.hpp"
#include "media/jpeg_check.hpp"

namespace onlooker::drivers {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using camera::CameraError;
using camera::ErrorKind;

constexpr std::string_view not_for_us = "may not be read by this user";

// A look at many files, or over a slow line, takes at most a fifth of the time.
constexpr auto shortest_pause = 500ms;
constexpr int pause_for_cost = 4;

std::string shown(const fs::path& path) {
    return escaped(path.native());
}

fs::path folder_of(const fs::path& source) {
    std::error_code ignored;
    if (fs::is_directory(source, ignored))
        return source;
    return source.has_parent_path() ? source.parent_path() : fs::path(".");
}

}  // namespace

PictureFolder::PictureFolder(fs::path source, const FolderLimits& limits, Program program)
    : source_(std::move(source)),
      limits_(limits),
      program_(std::move(program)),
      events_(folder_of(source_)) {}

std::optional<PictureFolder::State> PictureFolder::state_of(const fs::path& path) {
    struct ::stat found{};
    if (::stat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
        return std::nullopt;
    return State{
        .device = found.st_dev,
        .inode = found.st_ino,
        .size = found.st_size,
        .modified = std::int64_t{found.st_mtim.tv_sec} * 1'000'000'000 + found.st_mtim.tv_nsec};
}

bool PictureFolder::look(SteadyTime now) {
    const auto began = SteadyClock::now();
    events_.take();
    bool is_other = take_over(list_pictures(source_, limits_.files), now);
    for (File& file : files_)
        if (!program_.stopped())
            is_other = look_at(file, now) || is_other;
    events_.forget();
    std::erase_if(files_, [](const File& file) { return !file.state; });
    tell_problems(now);
    shown_.clear();
    for (std::size_t i = 0; i < files_.size(); ++i)
        if (files_[i].is_shown)
            shown_.push_back(i);
    if (shown_.empty() && !program_.stopped())
        throw_nothing_to_show();
    const auto cost = SteadyClock::now() - began;
    next_look_ = now + std::max<SteadyClock::duration>(shortest_pause, pause_for_cost * cost);
    return is_other;
}

// Brings files_ in line with the paths that are there now.
bool PictureFolder::take_over(std::vector<fs::path>&& paths, SteadyTime now) {
    std::map<fs::path, File> known;
    for (File& file : files_)
        known.emplace(file.path, std::move(file));
    files_.clear();
    for (fs::path& path : paths) {
        auto found = known.extract(path);
        if (found.empty())
            files_.push_back(File{.path = std::move(path), .restless_since = now});
        else
            files_.push_back(std::move(found.mapped()));
    }
    bool is_other = false;
    for (auto& [path, gone] : known) {
        is_other = is_other || gone.is_shown;
        hide(gone);
    }
    return is_other;
}

// Whether what is shown of the file is other than before.
bool PictureFolder::look_at(File& file, SteadyTime now) {
    const auto state = state_of(file.path);
    const bool stands_still = state == file.state;
    // A file that is new, or another one under the name, was not read before: if it is still being
    // written, its end is missing. An old one that is written over may have both halves' ends.
    const bool is_new = !file.state || !state || state->inode != file.state->inode;
    if (!stands_still) {
        if (file.read == file.state)
            file.restless_since = now;
        file.changed = now;
        file.state = state;
    }
    if (!state) {
        const bool was_shown = file.is_shown;
        hide(file);
        return was_shown;
    }
    // What was closed is read even if nothing shows: times are as coarse as the kernel's tick.
    if (events_.is_finished(file.path.filename()) ||
        (file.read != state && (is_new || stands_still || now - file.restless_since >= patience)))
        return read(file, now);
    // It was a picture before, and is none now that nobody writes it any more.
    if (file.is_shown && !file.problem.empty() && now - file.changed >= patience) {
        hide(file);
        return true;
    }
    return false;
}

bool PictureFolder::read(File& file, SteadyTime now) {
    Octets octets;
    std::string problem = read_picture(file.path, octets);
    if (const auto after = state_of(file.path); after != file.state) {
        file.state = after;  // it was written meanwhile: next time
        file.changed = now;
        return false;
    }
    file.read = file.state;
    file.restless_since = now;
    file.is_told = false;
    file.problem = std::move(problem);
    if (!file.problem.empty())
        return false;
    hide(file);
    file.is_shown = true;
    if (kept_octets_ + octets.size() <= limits_.total_octets) {
        kept_octets_ += octets.size();
        file.octets = std::move(octets);
    }
    return true;
}

void PictureFolder::hide(File& file) {
    kept_octets_ -= file.octets.size();
    file.octets = {};
    file.is_shown = false;
}

// Reads up to the limit, whatever the file system says about the size. Says what is wrong.
std::string PictureFolder::read_picture(const fs::path& path, Octets& octets) const {
    octets.clear();
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return errno == EACCES ? std::string(not_for_us) : "cannot be opened";
    constexpr std::size_t step = std::size_t{256} << 10;
    while (file && octets.size() <= limits_.file_octets) {
        const std::size_t size = octets.size();
        octets.resize(size + step);
        file.read(reinterpret_cast<char*>(octets.data() + size), step);
        octets.resize(size + static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad())
        return "cannot be read";
    if (octets.empty())
        return "is empty";
    if (octets.size() > limits_.file_octets)
        return fmt::format("is larger than {} MiB", limits_.file_octets >> 20);
    octets.shrink_to_fit();
    media::JpegLimits limits;
    limits.octets = limits_.file_octets;
    limits.allow_truncated = limits_.allow_truncated;
    const auto checked = media::check_jpeg(octets, limits);
    return checked ? "" : fmt::format("cannot be shown: {}", media::to_string(checked.error));
}

std::span<const std::byte> PictureFolder::picture(std::size_t index) {
    const File& file = files_[shown_[index]];
    if (!file.octets.empty())
        return file.octets;
    if (state_of(file.path) != file.read || !read_picture(file.path, passing_).empty() ||
        state_of(file.path) != file.read)
        return {};
    return passing_;
}

// One line for all that is new since the last look.
void PictureFolder::tell_problems(SteadyTime now) {
    const File* first = nullptr;
    std::size_t others = 0;
    for (File& file : files_) {
        if (file.problem.empty() || file.is_told || now - file.changed < patience)
            continue;
        file.is_told = true;
        if (first == nullptr)
            first = &file;
        else
            ++others;
    }
    if (first != nullptr)
        program_.warn(fmt::format("{} {}{}; it is left out until it changes", shown(first->path),
                                  first->problem,
                                  others == 0 ? "" : fmt::format(", nor can {} others", others)));
}

void PictureFolder::throw_nothing_to_show() const {
    const auto broken =
        std::ranges::find_if(files_, [](const File& f) { return !f.problem.empty(); });
    if (broken == files_.end())
        throw CameraError(ErrorKind::not_found,
                          fmt::format("{} has no picture that stands still", shown(source_)));
    const bool one = files_.size() == 1;
    throw CameraError(
        broken->problem == not_for_us ? ErrorKind::no_permission : ErrorKind::failed,
        fmt::format("{} {}{}", shown(broken->path), broken->problem,
                    one ? ""
                        : fmt::format(", and neither are the other {} files of the folder pictures "
                                      "to show",
                                      files_.size() - 1)));
}

}  // namespace onlooker::drivers
