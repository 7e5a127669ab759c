#include "access/users_text.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

using namespace onlooker::access;
using namespace std::chrono_literals;
using onlooker::http::Scope;
using std::chrono::sys_seconds;

namespace {

constexpr std::string_view hash =
    "$y$j9T$Z1zmqYHRW7wBYikj.qzFt.$eOXZn2wmfXa1si7is.Zi0j2WWiM2/D.H.Kc.8c..Ec/";

std::string example() {
    return fmt::format(
        "# users\n"
        "anna:{0}:admin\n"
        "\n"
        "bob:{0}:view,push:door,bed\n"
        "  # kept\n"
        "token octoprint scopes=view cameras=bed made=2026-11-29 sha256={1}\n"
        "key k1 active secret={2}\n"
        "revoked 4Yp3Kd0zQhE until=1796000000\n",
        hash, hex(sha256("token")), base64url(sha256("secret")));
}

// What is said of a file that cannot be used.
std::string wrong(const std::string& text) {
    try {
        UsersText::parse(text, "users");
    } catch (const UsersFileError& error) {
        return error.what();
    }
    return "nothing";
}

std::string user_line(std::string_view rest) {
    return fmt::format("anna:{}{}\n", hash, rest);
}

}  // namespace

TEST_SUITE("users text") {
    TEST_CASE("all kinds of entries are read") {
        const UsersText users = UsersText::parse(example(), "users");
        REQUIRE(users.all<User>().size() == 2);
        const User* anna = users.find<User>("anna");
        REQUIRE(anna);
        CHECK(anna->hash == hash);
        CHECK(anna->grant == Grant(Scopes(Scope::admin)));
        CHECK(users.find<User>("bob")->grant ==
              Grant(*Scopes::parse("view,push"), {"bed", "door"}));
        const Token* token = users.find<Token>("octoprint");
        REQUIRE(token);
        CHECK(token->digest == sha256("token"));
        CHECK(token->grant == Grant(Scopes(Scope::view), {"bed"}));
        CHECK(token->made == std::chrono::year(2026) / 11 / 29);
        const LinkKey* key = users.find<LinkKey>("k1");
        REQUIRE(key);
        CHECK(key->active);
        CHECK(key->secret == sha256("secret"));
        REQUIRE(users.find<RevokedLink>("4Yp3Kd0zQhE"));
        CHECK(users.find<RevokedLink>("4Yp3Kd0zQhE")->until == sys_seconds(1796000000s));
        CHECK(users.find<User>("octoprint") == nullptr);
    }

    TEST_CASE("a line of htpasswd is a user who may view everything") {
        for (const char* rest : {"", ":", "::", ":view", ":view:", ":view:*"})
            CHECK(UsersText::parse(user_line(rest), "users").find<User>("anna")->grant ==
                  Grant(Scopes(Scope::view)));
    }

    TEST_CASE("files of other systems' editors are read") {
        CHECK(UsersText::parse(user_line(":view\r"), "users").find<User>("anna"));
        CHECK(UsersText::parse("# no line end", "users").all<User>().empty());
        CHECK(UsersText::parse("", "users").text().empty());
    }

    TEST_CASE("what is not changed is written as it was") {
        CHECK(UsersText::parse(example(), "users").text() == example());
    }

    TEST_CASE("an entry is replaced in its place, or added at the end, and is read again") {
        UsersText users = UsersText::parse(example(), "users");
        users.put(User{.name = "anna", .hash = std::string(hash), .grant = Grant()});
        users.put(Token{.name = "vlc",
                        .digest = sha256("x"),
                        .grant = Grant(Scopes(Scope::view)),
                        .made = std::chrono::year(2026) / 1 / 2});
        users.put(LinkKey{.kid = "k1", .active = false, .secret = sha256("y")});
        users.put(RevokedLink{.id = "a", .until = sys_seconds(5s)});
        const UsersText again = UsersText::parse(users.text(), "users");
        CHECK(again.text() == users.text());
        CHECK(again.text().starts_with("# users\nanna:"));
        CHECK(again.text().find("  # kept\n") != std::string::npos);
        CHECK(again.find<Token>("vlc")->grant == Grant(Scopes(Scope::view)));
        CHECK_FALSE(again.find<LinkKey>("k1")->active);
        CHECK(again.text().ends_with("revoked a until=5\n"));
    }

    TEST_CASE("an entry is removed, and nothing else of its name") {
        UsersText users = UsersText::parse(
            fmt::format("octoprint:{}\ntoken octoprint scopes=view made=2026-11-29 sha256={}\n",
                        hash, hex(sha256("token"))),
            "users");
        CHECK(users.remove<Token>("octoprint"));
        CHECK_FALSE(users.remove<Token>("octoprint"));
        CHECK(users.find<User>("octoprint"));
    }

    TEST_CASE("what is wrong is told with file and line, and with what was expected") {
        CHECK(wrong("# a\nanna\n").starts_with("users:2: expected NAME:HASH:SCOPES:CAMERAS"));
        CHECK(wrong("a b:x\n").find("the name of a user") != std::string::npos);
        CHECK(wrong(user_line(":watch")).find("view, push, control and admin") !=
              std::string::npos);
        CHECK(wrong(user_line(":view:be d")).find("the cameras are names") != std::string::npos);
        CHECK(wrong(user_line(":view:a:b")).starts_with("users:1: expected"));
        CHECK(wrong("token t\n").starts_with("users:1: expected token NAME scopes="));
        CHECK(wrong("key k active\n").starts_with("users:1: expected key ID active"));
        CHECK(wrong("revoked\n").starts_with("users:1: expected revoked ID"));
        CHECK(wrong(example() + user_line(""))
                  .starts_with("users:9: anna is there already, in "
                               "line 2"));
    }

    TEST_CASE("values of entries are checked") {
        const std::string digest = hex(sha256("token"));
        const std::string key = base64url(sha256("secret"));
        for (const std::string& line :
             {"token t scopes=view made=2026-13-01 sha256=" + digest,
              "token t scopes=view made=2026-1-01 sha256=" + digest,
              "token t scopes= made=2026-01-01 sha256=" + digest + "0",
              "token t scopes=view made=2026-01-01 sha256=" + digest + " more",
              "token t scopes=view scopes=view made=2026-01-01 sha256=" + digest,
              "token t:t scopes=view made=2026-01-01 sha256=" + digest,
              "key k active retired secret=" + key, "key k secret=" + key,
              "key k active secret=" + key.substr(1), std::string("revoked a until=-1"),
              std::string("revoked a until=99999999999"),
              "key a active secret=" + key + "\nkey b active secret=" + key})
            CHECK(wrong(line) != "nothing");
    }

    TEST_CASE("weak hashes are refused, but can be replaced") {
        const std::string text = "anna:$1$hushhush$QgByt6VF0qsx05xnIk4uE1\n";
        CHECK(
            wrong(text).starts_with("users:1: a hash of MD5 is too weak; set the password again"));
        UsersText users = UsersText::parse(text, "users", UsersText::Hashes::as_they_are);
        users.put(User{.name = "anna", .hash = std::string(hash), .grant = Grant()});
        CHECK(wrong(users.text()) == "nothing");
    }

    TEST_CASE("cheap hashes come with a warning") {
        const UsersText users = UsersText::parse(
            "anna:$2y$05$2S/7G72i4AMha0tjtBOTxejfrPAoOIZOTTX1l6gkiSt5cb6g.d4Ne\n", "users");
        REQUIRE(users.warnings().size() == 1);
        CHECK(users.warnings().front().starts_with("users:1: bcrypt with a cost of 5"));
    }

    TEST_CASE("no error repeats a secret") {
        for (const char* text :
             {"hushhush", "anna:hushhush", "anna:$6$hushhush", "key k active secret=hushhush",
              "token t sha256=hushhush", "revoked hushhush:", "key hush:hush active"}) {
            CAPTURE(text);
            CHECK(wrong(text) != "nothing");
            CHECK(wrong(text).find("hush") == std::string::npos);
        }
    }

    TEST_CASE("the file has limits") {
        CHECK(wrong(std::string(UsersText::longest_text + 1, '#')) == "users is larger than 1 MiB");
        CHECK(wrong("#" + std::string(UsersText::longest_line, 'x')).find("at most 4096") !=
              std::string::npos);
        CHECK(wrong(std::string("# a\0b", 5)) != "nothing");
        CHECK(wrong(std::string(UsersText::most_lines + 1, '\n')).find("lines") !=
              std::string::npos);
        std::string many;
        for (std::size_t i = 0; i < UsersText::most_entries; ++i)
            many += fmt::format("revoked r{} until=1\n", i);
        CHECK(wrong(many) == "nothing");
        CHECK(wrong(many + "revoked more until=1\n").find("more than 1000 entries") !=
              std::string::npos);
        UsersText full = UsersText::parse(many, "users");
        CHECK_THROWS_AS(full.put(RevokedLink{.id = "more", .until = {}}), UsersFileError);
        full.put(RevokedLink{.id = "r5", .until = {}});
    }
}
