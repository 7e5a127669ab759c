#include "emulated/emulated.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/embedded_file.hpp"
#include "base/text.hpp"
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

constexpr double slowest = 0.01;  // frames per second
constexpr double fastest = 240;

double parse_rate(const camera::DriverOptions& options) {
    double rate = 1;
    for (const auto& [key, value] : options.values) {
        if (key != "fps")
            throw camera::DriverOptionError(
                fmt::format("the emulated camera has no option \"{}\"; it has fps", escaped(key)));
        const auto number = parse_number<double>(value);
        // Written so that "nan" is refused too.
        if (!number || !(*number >= slowest && *number <= fastest))
            throw camera::DriverOptionError(fmt::format("fps={}: expected a number from {} to {}",
                                                        escaped(value), slowest, fastest));
        rate = *number;
    }
    return rate;
}

// Of a folder that is there, whatever appears in it; else the folder itself. With the trailing
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
        : folder_(options.source), rate_(parse_rate(options)), clocks_(std::move(clocks)) {}

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
    return {
        .name = "emulated",
        .summary = "pictures picked by the clock: three of our own, or those of a folder",
        .make =
            [](const camera::DriverOptions& options) { return make_emulated(options, Clocks{}); },
        .list = {}};
}

}  // namespace onlooker::drivers
