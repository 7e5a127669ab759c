#include "app/access_commands.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "access/users_file.hpp"
#include "app/options.hpp"

using namespace onlooker::app;
using onlooker::access::Said;
using onlooker::access::Secret;
using onlooker::access::User;

namespace {

struct Shell {
    Shell() { REQUIRE(::mkdtemp(folder.data()) != nullptr); }
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;
    ~Shell() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    std::string file() const { return folder + "/users"; }
    Said run(std::vector<std::string> words) const {
        return run_access_command(words, file(),
                                  [](std::string_view) { return Secret(std::string("12345678")); });
    }
    std::string wrong(const std::vector<std::string>& words) const {
        try {
            run(words);
        } catch (const ConfigError& error) {
            return error.what();
        }
        return "nothing";
    }

    std::string folder = "/tmp/onlooker-commands-XXXXXX";
};

}  // namespace

TEST_SUITE("access commands") {
    TEST_CASE("begin with their own words") {
        for (const char* word : {"user", "token", "link", "key"})
            CHECK(is_access_command(word));
        for (const char* word : {"", "--help", "users", "User", "emulated"})
            CHECK_FALSE(is_access_command(word));
    }

    TEST_CASE("do to the file what the options say") {
        const Shell shell;
        CHECK(
            shell.run({"user", "add", "anna", "--scope", "view,control", "--cameras", "bed, door"})
                .remark == "anna may control; bed,door.\n");
        CHECK(shell.run({"user", "grant", "anna", "--cameras=*"}).remark ==
              "anna may view; all cameras.\n");
        CHECK(shell.run({"user", "list"}).output.find("anna") == 0);
        CHECK(shell.run({"token", "add", "t"}).output.starts_with("onl_"));
        CHECK(shell.run({"token", "list"}).output.find("t ") == 0);
        shell.run({"token", "revoke", "t"});
        shell.run({"user", "password", "anna"});
        shell.run({"key", "rotate", "--drop-old"});
        const std::string url = shell
                                    .run({"link", "bed", "--for", "2h", "--ends-after", "1d",
                                          "--base", "https://cam.example.org/x"})
                                    .output;
        CHECK(url.starts_with("https://cam.example.org/x/cameras/bed/stream?exp="));
        CHECK(url.find("&until=") != std::string::npos);
        shell.run({"link", "--revoke", url.substr(0, url.size() - 1)});
        shell.run({"user", "remove", "anna"});
        CHECK(shell.run({"user", "list"}).output.empty());
    }

    TEST_CASE("the option names another file than the environment") {
        const Shell shell;
        const std::string other = shell.folder + "/other";
        shell.run({"user", "add", "anna", "--users", other});
        CHECK(onlooker::access::read_users_file(other).find<User>("anna"));
        CHECK_FALSE(std::filesystem::exists(shell.file()));
        CHECK_THROWS_AS(run_access_command({"user", "list"}, "", {}), ConfigError);
    }

    TEST_CASE("what cannot be meant is refused in words, without what may be a password") {
        const Shell shell;
        CHECK(shell.wrong({"user"}).find("add, list, remove, password, grant") !=
              std::string::npos);
        CHECK(shell.wrong({"user", "frob"}) != "nothing");
        CHECK(shell.wrong({"user", "add"}).find("NAME is required") == 0);
        const std::string stray = shell.wrong({"user", "add", "anna", "hunter22"});
        CHECK(stray.find("word 4 of the command line") == 0);
        CHECK(stray.find("hunter22") == std::string::npos);
        CHECK(shell.wrong({"user", "add", "anna", "--password=hunter22"})
                  .find("unknown option --password;") == 0);
        CHECK(shell.wrong({"user", "add", "anna", "--scope", "watch"}).find("--scope: ") == 0);
        CHECK(shell.wrong({"user", "add", "anna", "--cameras", "a,,b"}).find("--cameras: ") == 0);
        CHECK(shell.wrong({"link"}).find("the name of a camera") != std::string::npos);
        CHECK(shell.wrong({"link", "a b"}).find("the name of a camera") != std::string::npos);
        for (const char* time : {"", "0", "never", "367d", "-1"})
            CHECK(shell.wrong({"link", "bed", "--for=" + std::string(time)}) != "nothing");
        for (const char* base : {"cam", "ftp://cam", "http://cam?x", "javascript:alert(1)"})
            CHECK(shell.wrong({"link", "bed", "--base", base}).find("--base: ") == 0);
        CHECK_FALSE(std::filesystem::exists(shell.file()));
    }

    TEST_CASE("each explains itself") {
        const Shell shell;
        CHECK(shell.run({"user", "--help"}).output.find("everything") != std::string::npos);
        CHECK(shell.run({"user", "add", "--help"}).output.find("--scope") != std::string::npos);
        CHECK(shell.run({"token", "-h"}).output.find("Bearer") != std::string::npos);
        CHECK(shell.run({"link", "--help"}).output.find("--ends-after") != std::string::npos);
        CHECK(shell.run({"key", "--help"}).output.find("rotate") != std::string::npos);
    }
}
