#include "access/users_file.hpp"

#include <unistd.h>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "access/links.hpp"
#include "users_folder.hpp"

using namespace onlooker::access;
namespace fs = std::filesystem;

namespace {

constexpr const char* anna =
    "# "
    "mine\nanna:$y$j9T$Z1zmqYHRW7wBYikj.qzFt.$eOXZn2wmfXa1si7is.Zi0j2WWiM2/D.H.Kc.8c..Ec/:admin\n";

std::string wrong(const std::string& path) {
    try {
        read_users_file(path);
    } catch (const UsersFileError& error) {
        return error.what();
    }
    return "nothing";
}

void revoke(UsersText& users, const std::string& id) {
    users.put(RevokedLink{.id = id, .until = WallTime(std::chrono::seconds(4'000'000'000))});
}

unsigned mode_of(const std::string& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

}  // namespace

TEST_SUITE("users file") {
    TEST_CASE("is read when its owner alone can read it") {
        const UsersFolder folder;
        folder.write(anna);
        CHECK(read_users_file(folder.path()).find<User>("anna"));
        folder.set_mode(0400);
        CHECK(wrong(folder.path()) == "nothing");
        for (const unsigned mode : {0640U, 0604U, 0644U, 0620U, 0601U}) {
            folder.set_mode(mode);
            CHECK(wrong(folder.path()).ends_with("chmod 600 " + folder.path()));
        }
    }

    TEST_CASE("of another user is for root alone") {
        const UsersFolder folder;
        folder.write(anna);
        if (::geteuid() != 0)
            return;
        REQUIRE(::chown(folder.path().c_str(), 12345, 12345) == 0);
        CHECK(wrong(folder.path()) == "nothing");
        REQUIRE(::chmod(folder.folder().c_str(), 0755) == 0);
        REQUIRE(::seteuid(65534) == 0);
        const std::string said = wrong(folder.path());
        REQUIRE(::seteuid(0) == 0);
        CHECK(said.find("cannot read") == 0);
    }

    TEST_CASE("that is not there says how to make it") {
        const UsersFolder folder;
        CHECK(wrong(folder.path()).ends_with("onlooker user add NAME --users " + folder.path()));
        CHECK_THROWS_AS(edit_users_file(folder.path(), IfMissing::refuse, [](UsersText&) {}),
                        UsersFileError);
        CHECK(wrong(folder.folder()).find("is no file") != std::string::npos);
    }

    TEST_CASE("is made with mode 0600, a heading, and a key for links") {
        const UsersFolder folder;
        edit_users_file(folder.path(), IfMissing::make,
                        [](UsersText& users) { revoke(users, "a"); });
        CHECK(mode_of(folder.path()) == 0600);
        CHECK(folder.text().starts_with("# Who may use onlooker."));
        const UsersText users = read_users_file(folder.path());
        CHECK(users.find<RevokedLink>("a"));
        REQUIRE(users.all<LinkKey>().size() == 1);
        CHECK(users.all<LinkKey>().front().active);
    }

    TEST_CASE("that root makes belongs to the owner of its folder") {
        const UsersFolder folder;
        if (::geteuid() != 0)
            return;
        REQUIRE(::chown(folder.folder().c_str(), 12345, 12346) == 0);
        edit_users_file(folder.path(), IfMissing::make, [](UsersText&) {});
        struct stat status{};
        REQUIRE(::stat(folder.path().c_str(), &status) == 0);
        CHECK(status.st_uid == 12345);
        CHECK(status.st_gid == 12346);
        CHECK(mode_of(folder.path()) == 0600);
    }

    TEST_CASE("is changed by another file in its place, which keeps comments, owner and mode") {
        const UsersFolder folder;
        folder.write(anna);
        folder.set_mode(0400);
        if (::geteuid() == 0)
            REQUIRE(::chown(folder.path().c_str(), 12345, 12346) == 0);
        struct stat before{};
        struct stat after{};
        REQUIRE(::stat(folder.path().c_str(), &before) == 0);
        edit_users_file(folder.path(), IfMissing::make,
                        [](UsersText& users) { revoke(users, "a"); });
        REQUIRE(::stat(folder.path().c_str(), &after) == 0);
        CHECK(before.st_ino != after.st_ino);
        CHECK(before.st_uid == after.st_uid);
        CHECK(before.st_gid == after.st_gid);
        CHECK(mode_of(folder.path()) == 0400);
        CHECK(folder.text().starts_with(anna));
        CHECK(std::distance(fs::directory_iterator(folder.folder()), fs::directory_iterator()) ==
              1);
    }

    TEST_CASE("is not touched when a change fails, and nothing stays behind") {
        const UsersFolder folder;
        folder.write(anna);
        CHECK_THROWS_AS(edit_users_file(folder.path(), IfMissing::make,
                                        [](UsersText& users) {
                                            revoke(users, "a");
                                            throw std::runtime_error("no");
                                        }),
                        std::runtime_error);
        CHECK(folder.text() == anna);
        CHECK(std::distance(fs::directory_iterator(folder.folder()), fs::directory_iterator()) ==
              1);
    }

    TEST_CASE("behind a symbolic link is changed where it is") {
        const UsersFolder folder;
        folder.write(anna, "real");
        fs::create_symlink("real", folder.path());
        edit_users_file(folder.path(), IfMissing::refuse,
                        [](UsersText& users) { revoke(users, "a"); });
        CHECK(fs::is_symlink(folder.path()));
        CHECK(read_users_file(folder.path("real")).find<RevokedLink>("a"));
    }

    TEST_CASE("loses nothing when several change it at a time") {
        const UsersFolder folder;
        std::vector<std::thread> writers;
        for (int i = 0; i < 4; ++i)
            writers.emplace_back([&folder, i] {
                for (int k = 0; k < 5; ++k)
                    edit_users_file(folder.path(), IfMissing::make, [&](UsersText& users) {
                        revoke(users, "r" + std::to_string(5 * i + k));
                    });
            });
        for (std::thread& writer : writers)
            writer.join();
        CHECK(read_users_file(folder.path()).all<RevokedLink>().size() == 20);
    }

    TEST_CASE("that is too large is not read to its end") {
        const UsersFolder folder;
        folder.write(std::string(UsersText::longest_text + 2, '#'));
        CHECK(wrong(folder.path()).find("larger than 1 MiB") != std::string::npos);
    }

    TEST_CASE("forgets revoked links that have expired") {
        const UsersFolder folder;
        folder.write("revoked old until=1700000000\nrevoked new until=4000000000\n");
        edit_users_file(folder.path(), IfMissing::refuse, [](UsersText&) {});
        const UsersText users = read_users_file(folder.path());
        CHECK_FALSE(users.find<RevokedLink>("old"));
        CHECK(users.find<RevokedLink>("new"));
    }
}
