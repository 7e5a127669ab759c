// Stable names, in a tree of /dev and /sys that the test makes.
#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "fake_v4l2.hpp"
#include "v4l2/errors.hpp"
#include "v4l2/listing.hpp"
#include "v4l2/naming.hpp"

namespace fs = std::filesystem;
using namespace onlooker;
using namespace onlooker::drivers::v4l2;
using camera::CameraError;
using test::FakeV4l2;

namespace {

// Two cameras on USB, the first with a metadata node, and one that is not on USB.
class Tree {
  public:
    Tree() {
        std::string name = (fs::temp_directory_path() / "onlooker-naming-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        root_ = name;
        places.dev = (root_ / "dev").string();
        places.sys = (root_ / "sys").string();
        fs::create_directories(root_ / "dev/v4l/by-id");
        fs::create_directories(root_ / "sys/class/video4linux");
        usb("1-1.2", "ABC123");
        usb("1-1.3", "");
        node("video0", "usb/1-1.2/1-1.2:1.0", 0);
        node("video1", "usb/1-1.2/1-1.2:1.0", 1);
        node("video10", "usb/1-1.3/1-1.3:1.0", 0);
        node("video2", "platform/sensor", 0);
        fs::create_directories(root_ / "sys/class/video4linux/v4l-subdev0");
        fs::create_symlink("../../video0", root_ / "dev/v4l/by-id/usb-Test-index0");
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() { fs::remove_all(root_); }

    void set_serial(const std::string& port, const std::string& serial) const {
        std::ofstream(root_ / "sys/devices/usb" / port / "serial") << serial << "\n";
    }

    Places places;

  private:
    void usb(const std::string& port, const std::string& serial) {
        const fs::path folder = root_ / "sys/devices/usb" / port;
        fs::create_directories(folder);
        std::ofstream(folder / "idVendor") << "046d\n";
        if (!serial.empty())
            std::ofstream(folder / "serial") << serial << "\n";
    }
    void node(const std::string& name, const std::string& device, int index) {
        const fs::path folder = root_ / "sys/class/video4linux" / name;
        fs::create_directories(folder);
        fs::create_directories(root_ / "sys/devices" / device);
        fs::create_symlink(root_ / "sys/devices" / device, folder / "device");
        std::ofstream(folder / "index") << index << "\n";
    }
    fs::path root_;
};

// A /proc of the test's own.
class ProcTree {
  public:
    ProcTree() {
        std::string name = (fs::temp_directory_path() / "onlooker-proc-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        root_ = name;
    }
    ProcTree(const ProcTree&) = delete;
    ProcTree& operator=(const ProcTree&) = delete;
    ~ProcTree() { fs::remove_all(root_); }

    std::string path() const { return root_.string(); }
    void process(int pid, const std::string& command, const std::vector<std::string>& files) const {
        const fs::path folder = root_ / std::to_string(pid);
        fs::create_directories(folder / "fd");
        std::ofstream(folder / "comm") << command << "\n";
        for (std::size_t i = 0; i < files.size(); ++i)
            fs::create_symlink(files[i], folder / "fd" / std::to_string(i));
    }

  private:
    fs::path root_;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string complaint(FakeV4l2& kernel, const std::string& source, const Places& places) {
    try {
        resolve_source(kernel, source, places);
    } catch (const CameraError& error) {
        CHECK(error.kind() == camera::ErrorKind::not_found);
        return error.what();
    }
    return {};
}

}  // namespace

TEST_SUITE("v4l2 naming") {
    TEST_CASE("nodes are listed by number, with serial, port and link") {
        const Tree tree;
        const auto nodes = list_nodes(tree.places);
        REQUIRE(nodes.size() == 4);
        CHECK(nodes[0].path == tree.places.dev + "/video0");
        CHECK(nodes[0].usb_port == "1-1.2");
        CHECK(nodes[0].serial == "ABC123");
        CHECK(nodes[0].link == tree.places.dev + "/v4l/by-id/usb-Test-index0");
        CHECK(nodes[1].index == 1);
        CHECK(nodes[2].usb_port == "");
        CHECK(nodes[3].number == 10);
    }

    TEST_CASE("a source is found by path, number, serial number, port, or as the first") {
        const Tree tree;
        FakeV4l2 kernel;
        const std::string& dev = tree.places.dev;
        CHECK(resolve_source(kernel, "/dev/video7", tree.places) == "/dev/video7");
        CHECK(resolve_source(kernel, "7", tree.places) == dev + "/video7");
        CHECK(resolve_source(kernel, "serial:ABC123", tree.places) == dev + "/video0");
        CHECK(resolve_source(kernel, "usb:1-1.3", tree.places) == dev + "/video10");
        CHECK(resolve_source(kernel, "", tree.places) == dev + "/video0");
        CHECK(kernel.nothing_leaked());
    }

    TEST_CASE("one that is not there is not found, in words") {
        const Tree tree;
        FakeV4l2 kernel;
        CHECK(complaint(kernel, "serial:X", tree.places)
                  .starts_with("no camera with serial number X is there"));
        CHECK(complaint(kernel, "usb:2-1", tree.places)
                  .starts_with("no camera with USB port 2-1 is there"));
        kernel.capabilities = V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING;
        CHECK(complaint(kernel, "", tree.places).starts_with("no camera is plugged in"));
        CHECK(kernel.nothing_leaked());
    }

    TEST_CASE("listed cameras have a line that can be typed, whatever the device says of itself") {
        FakeV4l2 kernel;
        for (const std::string serial : {"X;reboot", "A B", "a,fps=1", "\x1b[2J", "$(id)"}) {
            CAPTURE(serial);
            const Tree tree;
            tree.set_serial("1-1.3", serial);
            const auto cameras = list_cameras(kernel, tree.places);
            REQUIRE(cameras.size() == 4);
            CHECK(cameras[3].option == "--camera v4l2:usb:1-1.3");
        }
        const Tree tree;
        tree.set_serial("1-1.3", "20-A_b.3");
        CHECK(list_cameras(kernel, tree.places)[3].option == "--camera v4l2:serial:20-A_b.3");
        CHECK(kernel.nothing_leaked());
    }

    TEST_CASE("what to watch is the node itself, or the folder of the nodes") {
        CHECK(path_to_watch("/dev/v4l/by-id/x") == "/dev/v4l/by-id/x");
        CHECK(path_to_watch("3") == "/dev/video3");
        CHECK(path_to_watch("serial:1") == "/dev/");
        CHECK(path_to_watch("") == "/dev/");
    }

    TEST_CASE("a source that cannot be meant is refused when the options are read") {
        for (const char* good : {"", "/dev/video0", "0", "serial:1", "usb:1-1.2"})
            CHECK(source_complaint(good) == nullptr);
        for (const char* bad : {"video0", "serial:", "usb:", "http://x", "-1"})
            CHECK(source_complaint(bad));
    }

    TEST_CASE("who holds a device is found in /proc, our own handles apart") {
        const ProcTree proc;
        proc.process(1234, "ustreamer", {"/dev/null"});
        proc.process(77, "bad\x1b[2Jname", {"/dev/zero", "/dev/null", "/dev/null"});
        proc.process(5, "bystander", {"/dev/zero", "/etc/passwd"});
        proc.process(::getpid(), "onlooker", {"/dev/null", "/dev/zero", "/dev/null"});
        const Holders holders = holders_of("/dev/null", proc.path());
        CHECK(holders.own_handles == 2);
        CHECK(contains(holders.others, "ustreamer (pid 1234)"));
        CHECK(contains(holders.others, "bad\\x1b[2Jname (pid 77)"));
        CHECK(contains(holders.others, ", "));
        CHECK_FALSE(contains(holders.others, "bystander"));
        CHECK_FALSE(contains(holders.others, "onlooker"));
        CHECK(holders_of("/etc/passwd", proc.path()).others.empty());
        CHECK(holders_of("/no/such/device", proc.path()).others.empty());
        CHECK(holders_of("/dev/null", "/no/such/proc").others.empty());
    }

    TEST_CASE("a device that is busy with another camera of this server is said to be") {
        // A terminal of our own stands for the camera: nobody else has it.
        const UniqueFd first(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
        REQUIRE(first);
        REQUIRE(::unlockpt(first.get()) == 0);
        const std::string path = ::ptsname(first.get());
        const auto words = [&path](Step step) {
            const CameraError error = device_error(step, EBUSY, path);
            CHECK(error.kind() == camera::ErrorKind::busy);
            return std::string(error.what());
        };
        CHECK(contains(words(Step::opening), "cannot be seen from here"));
        CHECK(contains(words(Step::opening), "'sudo fuser -v " + path + "'"));
        const UniqueFd ours(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
        REQUIRE(ours);
        CHECK(contains(words(Step::starting), "another program"));
        CHECK(contains(words(Step::opening), "another camera of this server"));
        const UniqueFd of_another_camera(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
        REQUIRE(of_another_camera);
        CHECK(contains(words(Step::starting), "another camera of this server"));
    }

    TEST_CASE("a device that we may not open names the group and the command") {
        const Tree tree;
        const std::string file = tree.places.dev + "/video0";
        std::ofstream(file) << "";
        fs::permissions(file, fs::perms::owner_read | fs::perms::group_read);
        if (::geteuid() == 0 && ::chown(file.c_str(), 0, 44) == 0) {
            const std::string words = permission_words(file);
            CHECK(words.find("sudo usermod -aG") != std::string::npos);
            CHECK(words.find(file) != std::string::npos);
        }
        const auto error = device_error(Step::opening, EACCES, file);
        CHECK(error.kind() == camera::ErrorKind::no_permission);
    }

    TEST_CASE("a device that a sandbox keeps away does not ask for a group") {
        const auto error = device_error(Step::opening, EPERM, "/dev/video7");
        CHECK(error.kind() == camera::ErrorKind::no_permission);
        const std::string words = error.what();
        CHECK(!contains(words, "usermod"));
        CHECK(contains(words, "DeviceAllow="));
        CHECK(contains(words, "--device /dev/video7"));
    }
}
