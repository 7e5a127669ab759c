#include "app/privileges.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "support/in_a_child.hpp"

using namespace onlooker;
using app::give_up_new_privileges;
using app::give_up_root;
using app::unreadable_words;
using test::in_a_child;

namespace {

constexpr const char* other_user = "nobody";

bool is_root() {
    if (::geteuid() == 0 && ::getpwnam(other_user) != nullptr)
        return true;
    MESSAGE("left out: only root can become another user");
    return false;
}

// As somebody who is not root, whoever runs the test.
template <typename Question>
bool as_other_user(Question is_so) {
    return in_a_child([&] {
        if (::geteuid() == 0)
            give_up_root(other_user);
        return is_so();
    });
}

std::string refusal(const std::string& user) {
    try {
        give_up_root(user);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

std::vector<gid_t> groups_now() {
    std::vector<gid_t> groups(256);
    groups.resize(static_cast<std::size_t>(
        std::max(::getgroups(static_cast<int>(groups.size()), groups.data()), 0)));
    return groups;
}

bool is_in(const std::vector<gid_t>& groups, gid_t group) {
    return std::ranges::find(groups, group) != groups.end();
}

// A folder that only its owner may look into.
class OwnFolder {
  public:
    OwnFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "onlooker-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;
    ~OwnFolder() { std::filesystem::remove_all(path_); }

    std::string file(mode_t mode) const {
        const std::string path = path_ + "/file";
        const UniqueFd made(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
        REQUIRE(::fchmod(made.get(), mode) == 0);
        return path;
    }
    void open_to_all() const { REQUIRE(::chmod(path_.c_str(), 0755) == 0); }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace

TEST_SUITE("privileges") {
    TEST_CASE("a user that there is not is refused, by root and by anybody") {
        const auto is_refused = [] {
            return refusal("no-such-user-here").find("there is no such user") != std::string::npos;
        };
        CHECK(in_a_child(is_refused));
        CHECK(as_other_user(is_refused));
    }

    TEST_CASE("only root becomes another user") {
        CHECK(as_other_user([] {
            return refusal("root").find("only root can become another user") != std::string::npos;
        }));
    }

    TEST_CASE("one's own name changes nothing, and nor does none for who is not root") {
        CHECK(as_other_user([] {
            const uid_t before = ::geteuid();
            const passwd* const self = ::getpwuid(before);
            give_up_root("");
            return self != nullptr && refusal(self->pw_name).empty() && ::geteuid() == before;
        }));
    }

    TEST_CASE("root becomes the user, in that user's groups and those of cameras") {
        if (!is_root())
            return;
        CHECK(in_a_child([] {
            const gid_t left_behind = 0;
            ::setgroups(1, &left_behind);
            give_up_root(other_user);
            const passwd* const user = ::getpwnam(other_user);
            uid_t uids[3]{};
            gid_t gids[3]{};
            ::getresuid(&uids[0], &uids[1], &uids[2]);
            ::getresgid(&gids[0], &gids[1], &gids[2]);
            const group* const video = ::getgrnam("video");
            return std::ranges::all_of(uids, [&](uid_t id) { return id == user->pw_uid; }) &&
                   std::ranges::all_of(gids, [&](gid_t id) { return id == user->pw_gid; }) &&
                   is_in(groups_now(), user->pw_gid) && !is_in(groups_now(), left_behind) &&
                   (video == nullptr || is_in(groups_now(), video->gr_gid));
        }));
    }

    TEST_CASE("there is no way back") {
        if (!is_root())
            return;
        CHECK(in_a_child([] {
            give_up_root(other_user);
            const gid_t roots = 0;
            return ::setuid(0) != 0 && ::setresuid(0, 0, 0) != 0 && ::setgid(0) != 0 &&
                   ::setgroups(1, &roots) != 0;
        }));
    }

    TEST_CASE("root stays root where that is asked for") {
        if (!is_root())
            return;
        CHECK(in_a_child([] {
            give_up_root("root");
            return ::geteuid() == 0;
        }));
    }

    TEST_CASE("no program that is started gets more rights") {
        CHECK(in_a_child([] {
            give_up_new_privileges();
            return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
        }));
    }

    TEST_CASE("a file that the new user may not read is told of, with what to do") {
        const OwnFolder folder;
        const std::string file = folder.file(0600);
        CHECK(unreadable_words(file).empty());
        if (!is_root())
            return;
        folder.open_to_all();
        CHECK(as_other_user([&] {
            const std::string words = unreadable_words(file);
            return words.find(file) != std::string::npos &&
                   words.find("user nobody may not read") != std::string::npos &&
                   words.find("chown nobody " + file) != std::string::npos;
        }));
        REQUIRE(::chmod(file.c_str(), 0644) == 0);
        CHECK(as_other_user([&] { return unreadable_words(file).empty(); }));
    }

    TEST_CASE("a folder that the new user may not look into is told of, and not the file") {
        const OwnFolder folder;
        const std::string file = folder.file(0644);
        if (!is_root())
            return;
        CHECK(as_other_user([&] {
            const std::string words = unreadable_words(file);
            return words.find("may not look into the folder " + folder.path()) !=
                       std::string::npos &&
                   words.find("chown") == std::string::npos;
        }));
    }

    TEST_CASE("a file that is not there is nobody's fault") {
        CHECK(unreadable_words("/nowhere/at/all").empty());
    }
}
