#include "clips/muxer_loader.hpp"

#include <asio/post.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "base/logging.hpp"
#include "base/module_file.hpp"

namespace onlooker::clips {

namespace {

namespace fs = std::filesystem;

struct Named {
    Format format;
    std::string_view name;
};
constexpr std::array names{Named{Format::mkv, "mkv"}, Named{Format::mp4, "mp4"},
                           Named{Format::avi, "avi"}};

constexpr ModuleKind module_kind{
    .name = "module for clips",
    .file = clip_module_file,
    .symbol = clip_module_symbol,
    .interface = clip_interface,
    .brought_by =
        "install the package onlooker-clips, or build onlooker with libavformat (Debian: "
        "libavformat-dev) and -Dclips=enabled"};

}  // namespace

std::string_view to_string(Format format) noexcept {
    return std::ranges::find(names, format, &Named::format)->name;
}

std::optional<Format> format_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(names, name, &Named::name);
    return found == names.end() ? std::nullopt : std::optional(found->format);
}

MuxerLoader::MuxerLoader(Executor loop, const std::vector<fs::path>& folders)
    : loop_(loop), waiting_(loop, SteadyTime::max()) {
    const auto file = find_module(folders, module_kind.file);
    if (!file) {
        why_not_ = not_installed(module_kind, folders);
        return;
    }
    file_ = *file;
    ended_ = false;
    for (const Named& named : names)
        formats_.emplace_back(named.name);
}

MuxerLoader::~MuxerLoader() {
    if (thread_.joinable())
        thread_.join();
}

MuxerLoader::Loaded MuxerLoader::load(const fs::path& file) {
    try {
        return {.module = &open_module<ClipModule>(module_kind, file)};
    } catch (const ModuleError& error) {
        return {.why_not = error.what()};
    }
}

void MuxerLoader::begin() {
    thread_ = std::thread([this] {
        asio::post(loop_, [this, loaded = load(file_)]() mutable {
            ended_ = true;
            module_ = loaded.module;
            why_not_ = std::move(loaded.why_not);
            if (module_ == nullptr) {
                formats_.clear();
                logging::error("no clips: {}", why_not_);
            }
            waiting_.cancel();
        });
    });
}

Awaitable<const ClipModule*> MuxerLoader::module() {
    if (!ended_ && !thread_.joinable())
        begin();
    while (!ended_)
        co_await waiting_.async_wait(as_result);
    co_return module_;
}

}  // namespace onlooker::clips
