#include "access/edits.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "access/passwords.hpp"
#include "access/tokens.hpp"
#include "access/users_file.hpp"
#include "users_folder.hpp"

using namespace onlooker::access;
using onlooker::http::Query;
using onlooker::http::Scope;

namespace {

const Grant viewer(Scopes(Scope::view), {"bed"});

AskPassword giving(std::string password) {
    return [password = std::move(password)](std::string_view) { return Secret(password); };
}

Secret nobody_asks(std::string_view) {
    FAIL("a password was asked for");
    return {};
}

template <typename Call>
std::string refusal(Call call) {
    try {
        call();
    } catch (const UsersFileError& error) {
        return error.what();
    }
    return "nothing";
}

WallTime wall_now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

struct Desk {
    std::string file() const { return folder.path(); }
    UsersText users() const { return read_users_file(file()); }
    bool lets_in(const std::string& name, const std::string& password) const {
        const UsersText text = users();
        const User* user = text.find<User>(name);
        return user && matches(Secret(password), user->hash);
    }

    UsersFolder folder;
};

}  // namespace

TEST_SUITE("edits") {
    TEST_CASE("a user who was added is let in, until removed") {
        const Desk desk;
        const Said said = add_user(desk.file(), "anna", viewer, giving("a password"));
        CHECK(said.output.empty());
        CHECK(said.remark == "anna may view; bed.\n");
        CHECK(desk.lets_in("anna", "a password"));
        CHECK(desk.users().find<User>("anna")->grant == viewer);
        CHECK(list_users(desk.file()).output.find("anna") == 0);
        remove_user(desk.file(), "anna");
        CHECK_FALSE(desk.lets_in("anna", "a password"));
        CHECK(list_users(desk.file()).output.empty());
    }

    TEST_CASE("nobody is asked for a password that could not be set") {
        const Desk desk;
        add_user(desk.file(), "anna", viewer, giving("a password"));
        const auto add = [](const std::string& file, const std::string& name) {
            return refusal([&] { add_user(file, name, viewer, nobody_asks); });
        };
        CHECK(add(desk.file(), "anna").find("onlooker user password anna --users") !=
              std::string::npos);
        CHECK(add(desk.file(), "a b").find("a user's name") == 0);
        CHECK(add(desk.file() + "/no/users", "bob").find("cannot write in the folder") == 0);
        CHECK(refusal([&] {
                  change_password(desk.file(), "bob", nobody_asks);
              }).find("there is no user bob") == 0);
        desk.folder.set_mode(0644);
        CHECK(add(desk.file(), "bob").find("chmod 600") != std::string::npos);
    }

    TEST_CASE("a password and a grant are changed each for itself") {
        const Desk desk;
        add_user(desk.file(), "anna", viewer, giving("a password"));
        change_password(desk.file(), "anna", giving("b password"));
        CHECK(desk.lets_in("anna", "b password"));
        CHECK(desk.users().find<User>("anna")->grant == viewer);
        change_grant(desk.file(), "anna", Grant(Scopes(Scope::admin)));
        CHECK(desk.lets_in("anna", "b password"));
        CHECK(desk.users().find<User>("anna")->grant.allows(Scope::admin, ""));
        CHECK(refusal([&] { change_grant(desk.file(), "bob", viewer); }) != "nothing");
        CHECK(refusal([&] { remove_user(desk.file(), "bob"); }) != "nothing");
    }

    TEST_CASE("a hash that the server refuses is told in the list, and replaced") {
        const Desk desk;
        desk.folder.write("anna:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
        const Said said = list_users(desk.file());
        CHECK(said.output.find("anna") == 0);
        CHECK(said.remark.find("anna: a hash of SHA-1 is too weak") == 0);
        change_password(desk.file(), "anna", giving("a password"));
        CHECK(desk.lets_in("anna", "a password"));
    }

    TEST_CASE("a token is printed once, and found until it is revoked") {
        const Desk desk;
        const Said said = add_token(desk.file(), "octoprint", viewer);
        const std::string shown = said.output.substr(0, said.output.size() - 1);
        const auto tokens = desk.users().all<Token>();
        REQUIRE(find_token(tokens, shown));
        CHECK(find_token(tokens, shown)->grant == viewer);
        CHECK(desk.folder.text().find(shown) == std::string::npos);
        CHECK(refusal([&] {
                  add_token(desk.file(), "octoprint", viewer);
              }).find("onlooker token revoke octoprint") != std::string::npos);
        CHECK(refusal([&] { add_token(desk.file(), "a b", viewer); }) != "nothing");
        CHECK(list_tokens(desk.file()).output.find("octoprint") == 0);
        CHECK(list_tokens(desk.file()).output.find("made 20") != std::string::npos);
        revoke_token(desk.file(), "octoprint");
        CHECK(desk.users().all<Token>().empty());
        CHECK(refusal([&] {
                  revoke_token(desk.file(), "octoprint");
              }).find("there is no token octoprint") == 0);
    }

    TEST_CASE("a link is a URL that the server believes, until it is revoked by it") {
        const Desk desk;
        desk.folder.write("# no key yet\n");
        const Link wish{.camera = "bed",
                        .expires = wall_now() + std::chrono::minutes(10),
                        .until = {},
                        .kid = "",
                        .id = ""};
        const Said said = add_link(desk.file(), wish, "http://cam:5000/");
        const std::string url = said.output.substr(0, said.output.size() - 1);
        CHECK(url.find("http://cam:5000/cameras/bed/stream?exp=") == 0);
        const Query query = Query::parse(url.substr(url.find('?') + 1));
        const auto verified = [&] {
            const UsersText users = desk.users();
            return std::holds_alternative<Link>(
                verify_link(query, users.all<LinkKey>(), users.all<RevokedLink>(), wall_now()));
        };
        CHECK(verified());
        rotate_keys(desk.file(), false);
        CHECK(verified());
        revoke_link(desk.file(), url);
        CHECK_FALSE(verified());
        CHECK(said.remark.find("--revoke " + std::string(*query.get("id"))) != std::string::npos);
        CHECK(refusal([&] { revoke_link(desk.file(), "http://cam/"); }) != "nothing");
    }

    TEST_CASE("old keys can be dropped") {
        const Desk desk;
        add_token(desk.file(), "t", viewer);
        const std::string first = desk.users().all<LinkKey>().front().kid;
        rotate_keys(desk.file(), false);
        CHECK(desk.users().all<LinkKey>().size() == 2);
        rotate_keys(desk.file(), true);
        REQUIRE(desk.users().all<LinkKey>().size() == 1);
        CHECK(desk.users().all<LinkKey>().front().active);
        CHECK_FALSE(desk.users().find<LinkKey>(first));
    }
}
