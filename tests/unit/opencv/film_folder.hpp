// A folder of small films for one test, made with ffmpeg and gone with it. A case that needs one is
// declared with `* needs_ffmpeg()`, and so counted as skipped where there is no ffmpeg.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace onlooker::test {

// With a word, once, for who counts the tests.
inline doctest::skip needs_ffmpeg() {
    static const bool installed = [] {
        const bool found = std::system("command -v ffmpeg >/dev/null") == 0;
        if (!found)
            std::cout << "skipped: films are made with ffmpeg: apt-get install ffmpeg" << std::endl;
        return found;
    }();
    return doctest::skip(!installed);
}

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
    // from picture to picture.
    std::string film(const std::string& name, const std::string& encoder) const {
        return made(name,
                    "color=red:size=32x48:rate=10:duration=1[l];"
                    "color=black:size=32x48:rate=10:duration=1,geq=lum=20*N+20:cb=128:cr=128[r];"
                    "[l][r]hstack",
                    encoder);
    }

    // Three pictures of 64 x 48 with a colour in each quarter: red and lime above, blue and white
    // below.
    std::string quarters(const std::string& name, const std::string& encoder) const {
        return made(name,
                    "color=red:size=32x24[a];color=lime:size=32x24[b];color=blue:size=32x24[c];"
                    "color=white:size=32x24[d];[a][b]hstack[e];[c][d]hstack[f];[e][f]vstack",
                    "-frames:v 3 " + encoder);
    }

  private:
    std::string made(const std::string& name, const std::string& graph,
                     const std::string& encoder) const {
        const std::string path = file(name);
        const std::string command =
            "ffmpeg -v error -f lavfi -i '" + graph + "' " + encoder + " " + path + " </dev/null";
        REQUIRE(std::system(command.c_str()) == 0);
        return path;
    }

    std::filesystem::path path_;
};

}  // namespace onlooker::test
