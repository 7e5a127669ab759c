#include "base/replace_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

using namespace onlooker;

namespace {

namespace fs = std::filesystem;

struct Folder {
    Folder() { path = ::mkdtemp(path.data()); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string path = "/tmp/onlooker-replace-file-XXXXXX";
};

std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::ptrdiff_t files_in(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), {});
}

}  // namespace

TEST_SUITE("replace file") {
    TEST_CASE("the new text stands in the place of the old one, for its owner alone") {
        const Folder folder;
        const fs::path path = fs::path(folder.path) / "state.json";
        replace_file(path, "one");
        replace_file(path, "two");
        CHECK(read(path) == "two");
        CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        CHECK(files_in(folder.path) == 1);
    }

    TEST_CASE("a link goes on pointing to the file") {
        const Folder folder;
        const fs::path path = fs::path(folder.path) / "link";
        replace_file(fs::path(folder.path) / "file", "one");
        fs::create_symlink("file", path);
        replace_file(path, "two");
        CHECK(fs::is_symlink(path));
        CHECK(read(fs::path(folder.path) / "file") == "two");
    }

    TEST_CASE("what cannot be replaced is said, and nothing stays behind") {
        const Folder folder;
        const fs::path taken = fs::path(folder.path) / "taken";
        fs::create_directories(taken / "by a folder");
        CHECK_THROWS_WITH_AS(replace_file(taken, "one"), doctest::Contains("cannot replace"),
                             std::system_error);
        CHECK(files_in(folder.path) == 1);
        CHECK_THROWS_WITH_AS(replace_file(fs::path(folder.path) / "none" / "file", "one"),
                             doctest::Contains("cannot write in the folder"), std::system_error);
    }
}
