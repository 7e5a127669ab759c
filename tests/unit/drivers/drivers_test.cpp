#include "drivers.hpp"

#include <poll.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "known_drivers.hpp"
#include "unit/drivers/modules/module_folder.hpp"

using namespace onlooker;
using drivers::DriverNotFound;
using drivers::DriverTable;

namespace {

// Lets a driver give `pictures` pictures and then stops it.
class FakeContext final : public camera::CaptureContext {
  public:
    explicit FakeContext(int pictures) : left_(pictures) {}
    bool stop_requested() const noexcept override { return left_ <= 0; }
    int stop_descriptor() const noexcept override { return -1; }
    bool sleep_until(SteadyTime) override { return --left_ > 0; }
    std::vector<camera::ControlChange> take_control_changes() override { return {}; }
    void report_controls(std::vector<camera::Control>) override {}
    void warn(std::string_view) override {}

  private:
    int left_;
};

std::string refusal(std::string_view name, const std::string& folder = module_folder) {
    try {
        DriverTable({folder}).find(name);
    } catch (const DriverNotFound& error) {
        return error.what();
    }
    return "accepted";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("drivers") {
    TEST_CASE("in a module give pictures like those built in") {
        const DriverTable table({module_folder});
        const camera::DriverEntry entry = table.find("testmodule");
        CHECK(entry.name == "testmodule");
        const auto driver = entry.make({"bed", "", {}});
        FakeContext context(3);
        auto frames = driver->frames(context);
        int pictures = 0;
        while (frames.next())
            ++pictures;
        CHECK(pictures == 3);
    }

    TEST_CASE("in a module refuse options by exceptions that arrive") {
        const camera::DriverEntry entry = DriverTable({module_folder}).find("testmodule");
        CHECK_THROWS_AS(entry.make({"bed", "", {{"a", "b"}}}), camera::DriverOptionError);
    }

    TEST_CASE("of another version are refused with both versions") {
        const std::string words = refusal("otherversion");
        CHECK(contains(words, "'onlooker driver 0, other'"));
        CHECK(contains(words, camera::driver_interface));
        CHECK(contains(words, "camera_otherversion.so"));
    }

    TEST_CASE("without the symbol are no drivers") {
        CHECK(contains(refusal("nosymbol"), "is no driver module of onlooker"));
        CHECK(contains(refusal("nosymbol"), "onlooker_driver_module"));
    }

    TEST_CASE("that cannot be loaded come with the loader's words") {
        const auto folder = std::filesystem::temp_directory_path() / "onlooker-broken-module";
        std::filesystem::create_directories(folder);
        std::ofstream(folder / "camera_broken.so") << std::string(4096, 'x');
        const std::string words = refusal("broken", folder.string());
        CHECK(contains(words, "cannot be loaded"));
        CHECK(contains(words, "ELF"));
        std::filesystem::remove_all(folder);
    }

    TEST_CASE("that we know say what brings them") {
        const std::string folder = "/nonesuch";
        CHECK(contains(refusal("opencv", folder), "install the package onlooker-opencv,"));
        CHECK(contains(refusal("relay", folder), "install the package onlooker,"));
        CHECK(contains(refusal("opencv", folder), "-Ddriver_opencv=enabled"));
        CHECK(contains(refusal("opencv", folder), "/nonesuch/camera_opencv.so"));
        CHECK(contains(refusal("relay", folder), "libcurl"));
        CHECK(contains(refusal("pi", folder), "the driver libcamera is not installed"));
    }

    TEST_CASE("of this tree are known, whether this build has them or not") {
        for (const drivers::KnownDriver& known : drivers::known_drivers()) {
            const std::string words = refusal(known.name, "/nonesuch");
            CAPTURE(known.name);
            CHECK((words == "accepted") == (known.entry != nullptr));
            if (known.entry == nullptr)
                CHECK(contains(words, "-Ddriver_" + std::string(known.name) + "=enabled"));
            if (!known.alias.empty())
                CHECK(refusal(known.alias, "/nonesuch") == words);
        }
    }

    TEST_CASE("that nobody knows say what is known and where they were looked for") {
        const std::string words = refusal("nonesuch");
        CHECK(contains(words, "there is no driver nonesuch"));
        CHECK(contains(words, "testmodule"));
        CHECK(contains(words, "libcamera"));
        CHECK(contains(words, std::string(module_folder) + "/camera_nonesuch.so"));
    }

    TEST_CASE("are never looked for outside the folder") {
        for (const char* name : {"../testmodule", "a/b", "", "a.so", "a\n"})
            CHECK(contains(refusal(name), "is no name of a driver"));
    }

    TEST_CASE("in modules are listed without being opened") {
        const auto names = DriverTable({"/nonesuch", module_folder}).module_names();
        CHECK(names == std::vector<std::string>{"nosymbol", "otherversion", "testmodule"});
    }

    TEST_CASE("come from the folder that was asked for, and from no other") {
        const auto folders = drivers::module_folders("/asked", "/installed");
        CHECK(folders == std::vector<std::filesystem::path>{"/asked"});
        CHECK(drivers::module_folders("", "/installed").back() == "/installed");
    }
}
