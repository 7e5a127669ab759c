#include "access/directory.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "access/passwords.hpp"
#include "access/tokens.hpp"
#include "access/users_file.hpp"
#include "support/logged.hpp"
#include "support/test_loop.hpp"
#include "users_folder.hpp"

using namespace onlooker::access;
using namespace std::chrono_literals;
using onlooker::SteadyTime;
using onlooker::http::Query;
using onlooker::http::Scope;
using onlooker::test::Logged;
using onlooker::test::TestLoop;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view first_hash =
    "$y$j9T$Z1zmqYHRW7wBYikj.qzFt.$eOXZn2wmfXa1si7is.Zi0j2WWiM2/D.H.Kc.8c..Ec/";
constexpr std::string_view second_hash =
    "$y$j9T$CFKJQeoerccPn69Yoo4I70$SljT.v2mwB.by4WALmem53lrEXZ9MyzfNEaUpZAGsP/";
constexpr WallTime now{1'796'000'000s};

std::string line(std::string_view name, std::string_view hash, std::string_view scopes = "view") {
    return fmt::format("{}:{}:{}\n", name, hash, scopes);
}

using Names = std::vector<std::string>;

struct Office {
    explicit Office(const std::string& text) {
        folder.write(text);
        open();
    }
    void open() {
        directory = std::make_unique<Directory>(
            loop.loop.get_executor(), folder.path(),
            [this](const Changes& changes) { told.push_back(changes); });
    }
    // False when nothing is told within ten seconds.
    bool wait_for_change() {
        const std::size_t before = told.size();
        return loop.run_until([&] { return told.size() > before; });
    }

    Logged log;
    UsersFolder folder;
    TestLoop loop;
    std::vector<Changes> told;
    std::unique_ptr<Directory> directory;
};

}  // namespace

TEST_SUITE("directory") {
    TEST_CASE("knows who is in the file, and tells nothing at the start") {
        Office office(line("anna", first_hash, "admin") + line("bob", second_hash));
        CHECK(office.told.empty());
        CHECK(office.directory->has_users());
        REQUIRE(office.directory->find_user("anna"));
        CHECK(office.directory->find_user("anna")->grant.allows(Scope::admin, ""));
        CHECK(office.directory->find_user("carl") == nullptr);
        CHECK(office.directory->hash_for("bob") == second_hash);
    }

    TEST_CASE("whoever is not there is compared with a hash that costs as much") {
        const Office office(line("anna", first_hash));
        CHECK(office.directory->hash_for("carl") == first_hash);
        const Office empty("# nobody yet\n");
        CHECK_FALSE(empty.directory->has_users());
        CHECK(empty.directory->hash_for("carl") == nobodys_hash());
    }

    TEST_CASE("does not start with a file that cannot be used") {
        const TestLoop loop;
        CHECK_THROWS_AS(Office("nonsense\n"), UsersFileError);
        CHECK_THROWS_AS(Office("anna:$1$abc$def\n"), UsersFileError);
        const UsersFolder folder;
        TestLoop other;
        CHECK_THROWS_AS(Directory(other.loop.get_executor(), folder.path(), {}), UsersFileError);
    }

    TEST_CASE("follows a file that is replaced, and says who may not come in any more") {
        Office office(line("anna", first_hash) + line("bob", first_hash) +
                      line("carl", first_hash) + line("dora", first_hash));
        office.folder.replace(line("anna", second_hash) + line("carl", first_hash) +
                              line("dora", first_hash, "control") + line("emil", first_hash));
        REQUIRE(office.wait_for_change());
        CHECK(office.told.back().users == Names{"anna", "bob", "dora"});
        CHECK(office.directory->find_user("bob") == nullptr);
        CHECK(office.directory->find_user("emil"));
        CHECK(office.directory->find_user("anna")->hash == second_hash);
    }

    TEST_CASE("follows a file that is written in place") {
        Office office(line("anna", first_hash));
        office.folder.write(line("bob", first_hash));
        REQUIRE(office.wait_for_change());
        CHECK(office.told.back().users == Names{"anna"});
    }

    TEST_CASE("follows the commands, again and again, within a second") {
        Office office(line("anna", first_hash));
        for (int i = 0; i < 3; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            edit_users_file(office.folder.path(), IfMissing::refuse, [&](UsersText& users) {
                users.put(User{.name = "user" + std::to_string(i),
                               .hash = std::string(first_hash),
                               .grant = Grant()});
            });
            REQUIRE(office.wait_for_change());
            CHECK((std::chrono::steady_clock::now() - begin) / 1ms < 1000);
            CHECK(office.told.back().empty());
            CHECK(office.directory->find_user("user" + std::to_string(i)));
        }
    }

    TEST_CASE("follows a symbolic link that is turned, and the file behind one") {
        Office office("");
        office.folder.write(line("anna", first_hash), "one");
        office.folder.write(line("bob", first_hash), "two");
        const auto turn = [&](const std::string& target) {
            fs::create_symlink(target, office.folder.path("link"));
            fs::rename(office.folder.path("link"), office.folder.path());
        };
        turn("one");
        REQUIRE(office.wait_for_change());
        CHECK(office.directory->find_user("anna"));
        turn("two");
        REQUIRE(office.wait_for_change());
        CHECK(office.directory->find_user("bob"));
        office.folder.write(line("carl", first_hash), "two");
        REQUIRE(office.wait_for_change());
        CHECK(office.directory->find_user("carl"));
    }

    TEST_CASE("a file that cannot be used changes nothing, and is told of once") {
        Office office(line("anna", first_hash));
        office.folder.replace("nonsense\n");
        REQUIRE(office.loop.run_until([&] { return office.log.count("stay in force") > 0; }));
        CHECK_FALSE(office.directory->reload());
        CHECK_FALSE(office.directory->reload());
        CHECK(office.log.count("users:1: expected NAME:HASH") == 1);
        CHECK(office.told.empty());
        CHECK(office.directory->find_user("anna"));
        office.folder.replace(line("bob", first_hash));
        REQUIRE(office.wait_for_change());
        CHECK(office.directory->find_user("bob"));
        office.folder.replace("nonsense\n");
        CHECK_FALSE(office.directory->reload());
        CHECK(office.log.count("users:1: expected NAME:HASH") == 2);
    }

    TEST_CASE("a file that is gone, or that others can read, changes nothing either") {
        Office office(line("anna", first_hash));
        office.folder.set_mode(0644);
        REQUIRE(office.loop.run_until([&] { return office.log.count("chmod 600") == 1; }));
        fs::remove(office.folder.path());
        REQUIRE(office.loop.run_until([&] { return office.log.count("No such file") == 1; }));
        CHECK(office.directory->find_user("anna"));
        office.folder.write(line("anna", first_hash));
        CHECK(office.directory->reload());
        CHECK(office.told.empty());
    }

    TEST_CASE("finds tokens, and says which are gone") {
        const NewToken one =
            make_token("one", Grant(Scopes(Scope::view)), std::chrono::year(2026) / 11 / 29);
        UsersText users;
        users.put(one.entry);
        Office office(users.text());
        REQUIRE(office.directory->find_token(one.shown.view()));
        CHECK(office.directory->find_token(one.shown.view())->name == "one");
        office.folder.replace("# none\n");
        CHECK(office.directory->reload());
        CHECK(office.told.back().tokens == Names{"one"});
        CHECK(office.directory->find_token(one.shown.view()) == nullptr);
    }

    TEST_CASE("verifies links, and says which were revoked, and which keys are gone") {
        UsersText users;
        rotate_link_key(users);
        Office office(users.text());
        REQUIRE(office.directory->link_key());
        Link link{.camera = "bed", .expires = now + 10min, .until = {}, .kid = "", .id = ""};
        const Query query = Query::parse(make_link(link, *office.directory->link_key()));
        CHECK(std::holds_alternative<Link>(office.directory->verify_link(query, now)));
        users.put(RevokedLink{.id = link.id, .until = now + 1h});
        office.folder.replace(users.text());
        CHECK(office.directory->reload());
        CHECK(office.told.back().links == Names{link.id});
        CHECK(std::holds_alternative<LinkRefusal>(office.directory->verify_link(query, now)));
        office.folder.replace("# none\n");
        CHECK(office.directory->reload());
        CHECK(office.told.back().keys == Names{"k1"});
        CHECK(office.directory->link_key() == nullptr);
    }

    TEST_CASE("a session is good while its user is there with the same password") {
        Office office(line("anna", first_hash));
        const Session session{.label = "s",
                              .user = "anna",
                              .password = office.directory->find_user("anna")->password_digest()};
        CHECK(office.directory->is_current(session));
        office.folder.replace(line("anna", first_hash, "admin"));
        CHECK(office.directory->reload());
        CHECK(office.directory->is_current(session));
        office.folder.replace(line("anna", second_hash));
        CHECK(office.directory->reload());
        CHECK_FALSE(office.directory->is_current(session));
        office.folder.replace(line("bob", first_hash));
        CHECK(office.directory->reload());
        CHECK_FALSE(office.directory->is_current(session));
    }

    TEST_CASE("logins that were verified count no more once the file has changed") {
        Office office(line("anna", first_hash));
        const BasicLogin login{.name = "anna", .password = Secret(std::string("correct horse"))};
        const SteadyTime steady{1h};
        office.directory->recent_logins().add(login, steady);
        CHECK(office.directory->reload());  // nothing has changed
        CHECK(office.directory->recent_logins().has(login, steady));
        office.folder.replace(line("anna", second_hash));
        CHECK(office.directory->reload());
        CHECK_FALSE(office.directory->recent_logins().has(login, steady));
    }

    TEST_CASE("cheap hashes are warned of") {
        const Office office("anna:$2y$05$2S/7G72i4AMha0tjtBOTxejfrPAoOIZOTTX1l6gkiSt5cb6g.d4Ne\n");
        CHECK(office.log.count("bcrypt with a cost of 5") == 1);
    }
}
