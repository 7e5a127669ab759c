#include "emulated/emulated.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/clock.hpp"
#include "base/embedded_file.hpp"
#include "camera/driver_options.hpp"
#include "emulated/entry.hpp"
#include "emulated/picture_folder.hpp"

namespace onlooker::drivers {

// Made at build time by tools/embed.py.
std::span<const EmbeddedFile> emulated_pictures() noexcept;

namespace {

using camera::CaptureContext;
using camera::Captured;
using std::chrono::nanoseconds;
namespace fs = std::filesystem;

struct Settings {
    double rate = 1;  // pictures per second
};

camera::OptionRows rows(Settings& settings) {
    return {camera::rate_option("fps", "Pictures per second.", settings.rate)};
}

Settings parse_options(const camera::DriverOptions& options) {
    Settings settings;
    camera::read_options("emulated", rows(settings), options);
    return settings;
}

// Whatever appears in the folder, if that is there; else the folder itself. With the trailing
// slash that means the first (watch_path() of camera/driver.hpp).
std::string watch_path_of(const std::string& written) {
    std::error_code ignored;
    fs::path folder = fs::absolute(written, ignored).lexically_normal();
    if (!folder.has_filename())
        folder = folder.parent_path();
    return fs::is_directory(folder, ignored) ? (folder / "").string() : folder.string();
}

class Emulated final : public camera::Driver {
  public:
    Emulated(const camera::DriverOptions& options, Clocks clocks)
        : folder_(options.source), rate_(parse_options(options).rate), clocks_(std::move(clocks)) {
        limits_.allow_truncated = options.allow_truncated;
    }

    double nominal_rate() const noexcept override { return rate_; }
    std::string watch_path() const override {
        return folder_.empty() ? std::string() : watch_path_of(folder_);
    }

    Generator<Captured> frames(CaptureContext& context) override {
        const nanoseconds period(std::llround(1e9 / rate_));
        std::optional<PictureFolder> folder;
        if (!folder_.empty())
            folder.emplace(folder_, limits_, program(context)).look(clocks_.steady());
        std::optional<std::int64_t> shown;
        while (!context.stop_requested()) {
            // What changed is shown when its turn comes, or now, if that is long.
            if (folder && look(*folder) && period > longest_pause)
                shown.reset();
            const nanoseconds now = clocks_.wall().time_since_epoch();
            const std::int64_t turn = now / period;
            // A sleep that ends a little early, as the wall clock sees it, shows nothing twice.
            if (shown != turn) {
                shown = turn;
                const auto picture = picture_of(folder, turn);
                if (!picture.empty())
                    co_yield Captured{.picture = media::JpegImage{picture},
                                      .captured = std::nullopt,
                                      .wall = std::nullopt};
                continue;
            }
            const nanoseconds rest = (turn + 1) * period - now;
            if (!context.sleep_until(clocks_.steady() +
                                     (folder ? std::min(rest, longest_pause) : rest)))
                co_return;
        }
    }

  private:
    // While a folder is watched.
    static constexpr nanoseconds longest_pause{500'000'000};

    static PictureFolder::Program program(CaptureContext& context) {
        return {.warn = [&context](std::string_view words) { context.warn(words); },
                .stopped = [&context] { return context.stop_requested(); }};
    }

    bool look(PictureFolder& folder) const {
        const SteadyTime now = clocks_.steady();
        return (folder.has_news() || now >= folder.next_look()) && folder.look(now);
    }

    // Empty when it went.
    static std::span<const std::byte> picture_of(std::optional<PictureFolder>& folder,
                                                 std::int64_t turn) {
        const auto count =
            static_cast<std::int64_t>(folder ? folder->count() : emulated_pictures().size());
        if (count == 0)
            return {};
        const auto index = static_cast<std::size_t>((turn % count + count) % count);
        return folder ? folder->picture(index) : emulated_pictures()[index].octets();
    }

    std::string folder_;  // or a file; empty: the pictures of the binary
    double rate_;
    FolderLimits limits_;
    Clocks clocks_;
};

}  // namespace

std::unique_ptr<camera::Driver> make_emulated(const camera::DriverOptions& options, Clocks clocks) {
    return std::make_unique<Emulated>(options, std::move(clocks));
}

camera::DriverEntry emulated::entry() {
    Settings defaults;
    return {
        .name = "emulated",
        .summary = "pictures picked by the clock: three of our own, or those of a folder",
        .make =
            [](const camera::DriverOptions& options) { return make_emulated(options, Clocks{}); },
        .source =
            "A folder of *.jpg and *.jpeg, shown in their order, 1 2 10, or one such file; what is "
            "put in, replaced and removed is followed. Without one, three pictures of our own.",
        .options = camera::descriptions(rows(defaults))};
}

}  // namespace onlooker::drivers
