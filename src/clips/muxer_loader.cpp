#include "clips/muxer_loader.hpp"

#include <dlfcn.h>

#include <asio/post.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace onlooker::clips {

namespace {

namespace fs = std::filesystem;

struct Named {
    Format format;
    std::string_view name;
};
constexpr std::array names{Named{Format::mkv, "mkv"}, Named{Format::mp4, "mp4"},
                           Named{Format::avi, "avi"}};

constexpr std::string_view what_brings_module =
    "install the package onlooker-clips, or build onlooker with libavformat (Debian: "
    "libavformat-dev) and -Dclips=enabled";

std::string last_dl_error() {
    const char* words = ::dlerror();
    return words == nullptr ? "unknown error" : escaped(words, 500);
}

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
    std::vector<std::string> looked;
    for (const fs::path& folder : folders) {
        std::error_code ignored;
        const fs::path file = folder / clip_module_file;
        looked.push_back(file.string());
        if (!fs::is_regular_file(file, ignored))
            continue;
        file_ = fs::absolute(file, ignored);
        ended_ = false;
        for (const Named& named : names)
            formats_.emplace_back(named.name);
        return;
    }
    why_not_ = fmt::format("the module for clips is not installed (looked for {}); {}",
                           looked.empty() ? "none" : fmt::format("{}", fmt::join(looked, " and ")),
                           what_brings_module);
}

MuxerLoader::~MuxerLoader() {
    if (thread_.joinable())
        thread_.join();
}

MuxerLoader::Loaded MuxerLoader::load(const fs::path& file) {
    void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    const void* symbol = handle == nullptr ? nullptr : ::dlsym(handle, clip_module_symbol);
    if (symbol == nullptr)
        return {.why_not = fmt::format("the module for clips {} cannot be loaded: {}",
                                       file.string(), last_dl_error())};
    const auto* found = static_cast<const ClipModule*>(symbol);
    if (const std::string_view interface = found->interface; interface != clip_interface)
        return {.why_not = fmt::format(
                    "the module for clips {} was built for another onlooker: it has the interface "
                    "'{}', this program '{}'; install the module that came with this program, or "
                    "build it again",
                    file.string(), escaped(interface, 80), clip_interface)};
    return {.module = found};
}

void MuxerLoader::begin() {
    thread_ = std::thread([this] {
        asio::post(loop_, [this, loaded = load(file_)]() mutable {
            ended_ = true;
            module_ = loaded.module;
            why_not_ = std::move(loaded.why_not);
            if (module_ == nullptr) {
                formats_.clear();
                spdlog::error("no clips: {}", why_not_);
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
