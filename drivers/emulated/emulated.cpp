#include "emulated/emulated.hpp"

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

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
        : folder_(options.source), rate_(parse_options(options).rate), clocks_(std::move(clocks)) {}

    double nominal_rate() const noexcept override { return rate_; }
    std::string watch_path() const override {
        return folder_.empty() ? std::string() : watch_path_of(folder_);
    }

    Generator<Captured> frames(CaptureContext& context) override {
        std::vector<std::vector<std::byte>> read;
        std::vector<std::span<const std::byte>> pictures;
        if (folder_.empty()) {
            for (const EmbeddedFile& file : emulated_pictures())
                pictures.push_back(file.octets());
        } else {
            read = read_picture_folder(folder_);
            pictures.assign(read.begin(), read.end());
        }

        const nanoseconds period(std::llround(1e9 / rate_));
        const auto count = static_cast<std::int64_t>(pictures.size());
        std::optional<std::int64_t> shown;
        while (!context.stop_requested()) {
            const nanoseconds now = clocks_.wall().time_since_epoch();
            const std::int64_t turn = now / period;
            // A sleep that ends a little early, as the wall clock sees it, shows nothing twice.
            if (shown != turn) {
                shown = turn;
                const auto index = static_cast<std::size_t>((turn % count + count) % count);
                co_yield Captured{.picture = media::JpegImage{pictures[index]},
                                  .captured = std::nullopt,
                                  .wall = std::nullopt};
                continue;
            }
            if (!context.sleep_until(clocks_.steady() + (turn + 1) * period - now))
                co_return;
        }
    }

  private:
    std::string folder_;  // empty: the pictures of the binary
    double rate_;
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
            "A folder of *.jpg and *.jpeg, shown in their order, 1 2 10; without one, three "
            "pictures of our own.",
        .options = camera::descriptions(rows(defaults))};
}

}  // namespace onlooker::drivers
