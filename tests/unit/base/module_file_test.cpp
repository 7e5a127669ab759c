#include "base/module_file.hpp"

#include <stdlib.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using namespace onlooker;

namespace {

constexpr ModuleKind kind{.name = "module for tests",
                          .file = "onlooker_tests.so",
                          .symbol = "onlooker_tests_module",
                          .interface = "tests 2",
                          .brought_by = "install the package tests"};

// Two folders, of which the second has the file, which is no shared object.
class Folders {
  public:
    Folders() {
        std::string name = (fs::temp_directory_path() / "onlooker-module-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()));
        root_ = name;
        for (const fs::path& folder : both())
            fs::create_directory(folder);
        std::ofstream(with_file() / kind.file) << "a letter home\n";
    }
    Folders(const Folders&) = delete;
    Folders& operator=(const Folders&) = delete;
    ~Folders() { fs::remove_all(root_); }

    fs::path without_file() const { return root_ / "a"; }
    fs::path with_file() const { return root_ / "b"; }
    std::vector<fs::path> both() const { return {without_file(), with_file()}; }

  private:
    fs::path root_;
};

template <typename Call>
std::string words_of(Call call) {
    try {
        call();
    } catch (const ModuleError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_SUITE("files of modules") {
    TEST_CASE("the first folder that has the file counts") {
        const Folders folders;
        CHECK(find_module(folders.both(), kind.file) == folders.with_file() / kind.file);
        CHECK_FALSE(find_module({folders.without_file()}, kind.file));
        CHECK_FALSE(find_module({}, kind.file));
    }

    TEST_CASE("where none has it, it is said where it was looked for and what brings it") {
        CHECK(not_installed(kind, {"/a", "/b"}) ==
              "the module for tests is not installed (looked for /a/onlooker_tests.so and "
              "/b/onlooker_tests.so); install the package tests");
        CHECK(not_installed(kind, {}).find("(looked for none)") != std::string::npos);
    }

    TEST_CASE("what is no shared object is refused by its name") {
        const Folders folders;
        const fs::path file = folders.with_file() / kind.file;
        const std::string words = words_of([&] { (void)symbol_of_module(kind, file); });
        CHECK(words.find("the module for tests " + file.string() + " cannot be loaded: ") == 0);
    }

    TEST_CASE("a module of another interface, or of none, is refused") {
        CHECK(words_of([] { check_interface(kind, "/b/m.so", "tests 2"); }).empty());
        for (const char* other : {"tests 1", "", static_cast<const char*>(nullptr)}) {
            const std::string words = words_of([&] { check_interface(kind, "/b/m.so", other); });
            CHECK(words.find("/b/m.so was built for another onlooker") != std::string::npos);
            CHECK(words.find("'tests 2'") != std::string::npos);
        }
    }
}
