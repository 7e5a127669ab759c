// A folder of small films for one test, made with ffmpeg and gone with it.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace onlooker::test {

class FilmFolder {
  public:
    FilmFolder() {
        std::string pattern = std::filesystem::temp_directory_path() / "opencv-test-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    FilmFolder(const FilmFolder&) = delete;
    FilmFolder& operator=(const FilmFolder&) = delete;
    ~FilmFolder() { std::filesystem::remove_all(path_); }

    std::string file(const std::string& name) const { return path_ / name; }

    // Ten pictures of 64 x 48 at ten a second: the left half is red, the right half gets brighter
    // from picture to picture. Empty where there is no ffmpeg.
    std::string film(const std::string& name, const std::string& encoder) const {
        const std::string path = file(name);
        const std::string command =
            "ffmpeg -v error -f lavfi -i "
            "'color=red:size=32x48:rate=10:duration=1[l];"
            "color=black:size=32x48:rate=10:duration=1,geq=lum=20*N+20:cb=128:cr=128[r];"
            "[l][r]hstack' " +
            encoder + " " + path + " </dev/null";
        if (std::system(command.c_str()) != 0) {
            MESSAGE("no ffmpeg: left out");
            return {};
        }
        return path;
    }

  private:
    std::filesystem::path path_;
};

}  // namespace onlooker::test
