// The one interface of a camera driver.
//
// A driver is a generator coroutine, as in the article: frames() opens the device, yields pictures,
// and ends. It runs on the capture thread of its camera and nowhere else, may block there, and
// never touches the loop.
//
//     Generator<Captured> frames(CaptureContext& context) override {
//         Device device = open(...);                     // throws CameraError
//         while (!context.stop_requested())
//             co_yield Captured{.picture = device.read()};
//     }                                                  // RAII closes the device
//
// The rules:
//   - It ends by returning once stop_requested(), or by throwing CameraError with a kind and plain
//     words for the user. Returning without a stop means the source has no more pictures.
//   - It never waits longer than 100 ms without minding the stop: poll stop_descriptor() beside the
//     device, or sleep with context.sleep_until().
//   - It never reconnects. Supervision does, once for all drivers, with back-off.
//   - What it yields is borrowed: good until the generator is resumed.
//   - A Driver object may be asked for frames() again after its generator was destroyed; two
//     generators of one Driver never live at the same time.
//
// What a module (camera_NAME.so) may use is the driver kit, src/driver_kit: this header and a few
// others. Their code is linked into the module, which takes none from the program.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/generator.hpp"
#include "media/raw_image.hpp"

namespace onlooker::camera {

enum class ErrorKind : std::uint8_t {
    not_found,      // no such device, file or host
    busy,           // somebody else has it
    no_permission,  // it is there, but not for us
    unplugged,      // it was there, and went
    no_signal,      // it is there, but has no picture
    failed,         // everything else
};

std::string_view to_string(ErrorKind kind) noexcept;

// What trying again can do.
enum class Retry : std::uint8_t {
    harmless,
    // It was refused a login: cameras lock an account, or our address, after a few wrong ones.
    locks_out,
};

// Why a camera gives no pictures, in words for the user: what happened, to which thing, what to do.
class [[gnu::visibility("default")]] CameraError : public std::runtime_error {
  public:
    CameraError(ErrorKind kind, const std::string& words, Retry retry = Retry::harmless)
        : runtime_error(words), kind_(kind), retry_(retry) {}
    ErrorKind kind() const noexcept { return kind_; }
    Retry retry() const noexcept { return retry_; }

  private:
    ErrorKind kind_;
    Retry retry_;
};

// One picture as the driver gives it.
struct Captured {
    media::Picture picture;
    // When it was taken, on the monotonic clock; absent: now.
    std::optional<std::chrono::steady_clock::time_point> captured;
    // When it was taken by the wall clock of its origin (a relay's upstream says so); absent:
    // derived from `captured`.
    std::optional<std::chrono::system_clock::time_point> wall;
    // Frames known to be lost or broken in the device before this one; counted, and told.
    std::uint32_t lost = 0;
};

// A control of the camera: brightness, exposure, ...
struct Control {
    enum class Type : std::uint8_t { integer, boolean, menu, button, real, text };
    struct MenuItem {
        std::int64_t value = 0;
        std::string name;
    };
    std::string id;    // as it is written in options: "brightness"
    std::string name;  // as a person reads it: "Brightness"
    Type type = Type::integer;
    double minimum = 0;
    double maximum = 0;
    double step = 1;
    double fallback = 0;  // what the device calls its default
    double value = 0;
    bool read_only = false;
    bool inactive = false;  // at present, because of another control
    std::vector<MenuItem> menu;
};

struct ControlChange {
    std::string id;
    double value = 0;
};

// What a running driver sees of the program; implemented by the capture thread.
class CaptureContext {
  public:
    // Any thread may ask for a stop; the driver's thread sees it here.
    virtual bool stop_requested() const noexcept = 0;

    // Readable (POLLIN) as soon as a stop is requested or a control change waits. For poll(2)
    // beside the device. Owned by the context.
    virtual int stop_descriptor() const noexcept = 0;

    // Sleeps until `time`; false, at once, when a stop is requested.
    virtual bool sleep_until(std::chrono::steady_clock::time_point time) = 0;

    // Control changes that were asked for since the last call, oldest first. In the first call also
    // those of earlier runs, which the program remembers, so that no driver need: take them before
    // the first picture, and they hold in it. Reading them clears stop_descriptor() unless a stop
    // is requested.
    virtual std::vector<ControlChange> take_control_changes() = 0;

    // Tells the program what controls the device has and their values; may be called again.
    virtual void report_controls(std::vector<Control> controls) = 0;

    // Something the operator should know that does not end the stream; one line, no end of line.
    virtual void warn(std::string_view words) = 0;

    // Why no picture comes at the moment, although the driver goes on: a whole sentence about the
    // device, without its full stop. It becomes the camera's fault if no picture follows in time.
    virtual void explain_silence(std::string_view words) { static_cast<void>(words); }

    // Through which other servers those who watch this camera get its pictures: what came in the
    // Via of their requests, joined by ", ". A driver that asks a server itself sends it on, so
    // that a loop is found. Empty: nobody said.
    virtual std::string watchers_via() const { return {}; }

  protected:
    ~CaptureContext() = default;
};

class Driver {
  public:
    virtual ~Driver() = default;

    // See above. `context` outlives the generator.
    virtual Generator<Captured> frames(CaptureContext& context) = 0;

    // The rate the driver means to give, frames per second, 0 when it cannot know. For the stall
    // watch and the status; may be called from the loop at any time, so it must not change once
    // the driver is made.
    virtual double nominal_rate() const noexcept { return 0; }

    // Called on the loop while no generator runs. The driver of a device that can be plugged in
    // later gives the absolute path whose appearance is worth a try at once, or a folder, with '/'
    // at its end, in which anything new is. Empty: only the back-off decides.
    virtual std::string watch_path() const { return {}; }
};

// What the user wrote behind --camera NAME=DRIVER: SOURCE and the key=value pairs that the program
// itself does not take (README of drivers).
struct DriverOptions {
    std::string camera_name;
    std::string source;
    std::map<std::string, std::string> values;
    // JPEGs without an end mark are welcome: the program gives them one. For drivers that look for
    // the end themselves, or check what they yield.
    bool allow_truncated = false;
};

// The user wrote something that the driver cannot take: names the key and what was expected.
class [[gnu::visibility("default")]] DriverOptionError : public std::runtime_error {
  public:
    using runtime_error::runtime_error;
};

// A camera that --list-cameras found.
struct FoundCamera {
    std::string title;               // "HD Pro Webcam C920 (USB 1-1.2)"
    std::string option;              // the line to type: "--camera v4l2:/dev/v4l/by-id/..."
    std::vector<std::string> facts;  // formats, sizes, rates, controls: one line each
};

// An option of a driver, as `--help DRIVER` and drivers/README.md show it. The rows of
// driver_options.hpp make these.
struct OptionDescription {
    std::string name;           // "fps"
    std::string placeholder;    // "RATE"; values with '|' between them are all there are
    std::string meaning;        // one sentence, with its full stop
    std::string expected{};     // unit and range, "a whole number from 2 to 32"; empty: any text
    std::string when_absent{};  // what holds without it: "30"; empty: nothing worth showing
};

// One row of the table of drivers.
struct DriverEntry {
    std::string name;
    std::string summary;  // one line for --help
    // Throws DriverOptionError. Must not open the device: that is what frames() does.
    std::function<std::unique_ptr<Driver>(const DriverOptions&)> make;
    // For --list-cameras; may be empty.
    std::function<std::vector<FoundCamera>()> list{};
    // For `--help DRIVER`: what SOURCE may be, the options, and what any other key means, in whole
    // sentences; empty where there is nothing to say.
    std::string source{};
    std::vector<OptionDescription> options{};
    std::string other_keys{};
};

// What a module camera_NAME.so exports, under the C name `onlooker_driver_module`:
//
//     extern "C" [[gnu::visibility("default")]] const onlooker::camera::DriverModule
//         onlooker_driver_module{onlooker::camera::driver_interface, &entry};
//
// `interface` is compared before anything else is touched: a module of another version, or built
// with another standard library, is refused in words.
struct DriverModule {
    const char* interface;
    DriverEntry (*entry)();
};

inline constexpr const char* driver_interface =
    "onlooker driver 3, "
#if defined(_GLIBCXX_USE_CXX11_ABI)
    "libstdc++"
#else
    "libc++"
#endif
    ;

}  // namespace onlooker::camera
