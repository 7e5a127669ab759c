// A folder that goes with the test, and the pictures of the binary to put in.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <ios>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "base/embedded_file.hpp"

namespace onlooker::drivers {

std::span<const EmbeddedFile> emulated_pictures() noexcept;

}  // namespace onlooker::drivers

namespace onlooker::test {

inline std::string_view embedded(std::size_t index) {
    return drivers::emulated_pictures()[index].content;
}

class Folder {
  public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "onlooker-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("mkdtemp");
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    void write(const std::string& name, std::string_view text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    // As a careful writer does: under another name, then moved.
    void put(const std::string& name, std::string_view text) const {
        write(".part", text);
        std::filesystem::rename(path_ / ".part", path_ / name);
    }
    void append(const std::string& name, std::string_view text) const {
        std::ofstream(path_ / name, std::ios::binary | std::ios::app) << text;
    }
    void remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
    std::string path() const { return path_.string(); }
    std::string path(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace onlooker::test
