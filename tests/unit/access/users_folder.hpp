// A folder for a file of users, which goes with the test.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace onlooker::access {

class UsersFolder {
  public:
    UsersFolder() { REQUIRE(::mkdtemp(folder_.data()) != nullptr); }
    UsersFolder(const UsersFolder&) = delete;
    UsersFolder& operator=(const UsersFolder&) = delete;
    ~UsersFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    const std::string& folder() const { return folder_; }
    std::string path(const std::string& name = "users") const { return folder_ + "/" + name; }
    std::string text() const {
        std::ostringstream text;
        text << std::ifstream(path()).rdbuf();
        return text.str();
    }
    // In place.
    void write(const std::string& text, const std::string& name = "users") const {
        std::ofstream(path(name)) << text;
        set_mode(0600, name);
    }
    // By a file beside it that is renamed over it.
    void replace(const std::string& text) const {
        write(text, "new");
        std::filesystem::rename(path("new"), path());
    }
    void set_mode(unsigned mode, const std::string& name = "users") const {
        std::filesystem::permissions(path(name), std::filesystem::perms(mode));
    }

  private:
    std::string folder_ = "/tmp/onlooker-users-XXXXXX";
};

}  // namespace onlooker::access
