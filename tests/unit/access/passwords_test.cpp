#include "access/passwords.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace onlooker::access;
using Kind = HashVerdict::Kind;

namespace {

// All of "correct horse", made by libcrypt 4.4.
constexpr const char* yescrypt =
    "$y$j9T$Z1zmqYHRW7wBYikj.qzFt.$eOXZn2wmfXa1si7is.Zi0j2WWiM2/D.H.Kc.8c..Ec/";
constexpr const char* gost =
    "$gy$j9T$pffkziw2D8rqz7hHRn64Y/$FmSrI95pNJM.1LVwTATFHcY7SroYr2MVKebLjsvngg6";
constexpr const char* scrypt =
    "$7$CU..../....Z8.Dp2zaVZetjJc7TDB9f0$zG6/bIXJ4IFNfL84Uyu5s4z2p8MQ7DE.4cVWRBA5qX3";
constexpr const char* bcrypt = "$2b$05$2S/7G72i4AMha0tjtBOTxejfrPAoOIZOTTX1l6gkiSt5cb6g.d4Ne";
constexpr const char* sha512 =
    "$6$E5Z.nDyQ7z8TgdU7$BFV3yxo8jc45AXsyg93LW0/"
    "N1A10q.a94VCjg0tGpgzu1YOf8auiBikmnb.uCwrN13MAwVAcfvjJy4yQtfP59/";

Kind kind_of(std::string_view hash) {
    return judge_hash(hash).kind;
}

std::string with(std::string hash, std::string_view old, std::string_view other) {
    return hash.replace(hash.find(old), old.size(), other);
}

Secret secret(std::string_view text) {
    return Secret(std::string(text));
}

}  // namespace

TEST_SUITE("passwords") {
    TEST_CASE("a new hash is yescrypt, with a salt of its own, and matches its password alone") {
        const std::string hash = hash_password(secret("a password"));
        CHECK(hash.starts_with("$y$j9T$"));
        CHECK(kind_of(hash) == Kind::good);
        CHECK(matches(secret("a password"), hash));
        CHECK_FALSE(matches(secret("a passwore"), hash));
        CHECK(hash_password(secret("a password")) != hash);
    }

    TEST_CASE("hashes of other makers match") {
        for (const char* hash : {yescrypt, gost, scrypt, bcrypt, sha512}) {
            CAPTURE(hash);
            CHECK(matches(secret("correct horse"), hash));
            CHECK_FALSE(matches(secret("correct hors"), hash));
        }
    }

    TEST_CASE("what is no hash matches nothing") {
        for (const char* wrong : {"", "*", "!", "*0", "correct horse", "$y$", "$2b$05$"})
            CHECK_FALSE(matches(secret("correct horse"), wrong));
        CHECK_FALSE(matches(secret(""), yescrypt));
        CHECK_FALSE(matches(secret(std::string(257, 'a')), yescrypt));
        CHECK_FALSE(matches(secret(std::string_view("correct horse\0", 14)), yescrypt));
    }

    TEST_CASE("good hashes are taken") {
        for (const char* hash : {yescrypt, gost, scrypt})
            CHECK(kind_of(hash) == Kind::good);
        CHECK(kind_of(with(bcrypt, "$05$", "$12$")) == Kind::good);
        CHECK(kind_of(with(bcrypt, "$2b$05$", "$2y$10$")) == Kind::good);
        CHECK(kind_of(with(sha512, "$6$", "$6$rounds=500000$")) == Kind::good);
        CHECK(kind_of(nobodys_hash()) == Kind::good);
    }

    TEST_CASE("cheap hashes are taken with a warning that says what to do") {
        for (const std::string& hash :
             {std::string(bcrypt), std::string(sha512), with(yescrypt, "j9T", "j75")}) {
            const HashVerdict verdict = judge_hash(hash);
            CHECK(verdict.kind == Kind::cheap);
            CHECK(verdict.words.find("onlooker user password") != std::string::npos);
        }
    }

    TEST_CASE("weak hashes, plain text and broken ones are refused") {
        for (const char* weak : {"", "hush", "$1$ZmJpIK3j$QgByt6VF0qsx05xnIk4uE1",
                                 "$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
                                 "{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=", "abJnggxhB/yWI", "!", "*",
                                 "$5$GBqwlhNF8hswU3QA$TO3zhCBi8SzxW5Gu5FJMo2jMoAp4zsUAys5vy5ewDO0"})
            CHECK(kind_of(weak) == Kind::refused);
        for (const char* whole : {yescrypt, gost, scrypt, bcrypt, sha512}) {
            const std::string hash = whole;
            CHECK(kind_of(hash.substr(0, hash.size() - 1)) == Kind::refused);
            CHECK(kind_of(hash + "$") == Kind::refused);
            CHECK(kind_of(hash.substr(0, 12)) == Kind::refused);
        }
    }

    TEST_CASE("hashes that would cost seconds or a gigabyte are refused") {
        CHECK(kind_of(with(bcrypt, "$05$", "$31$")) == Kind::refused);
        CHECK(kind_of(with(yescrypt, "j9T", "jFT")) == Kind::refused);
        CHECK(kind_of(with(yescrypt, "j9T", "jzT")) == Kind::refused);
        CHECK(kind_of(with(scrypt, "$7$C", "$7$G")) == Kind::refused);
        CHECK(kind_of(with(sha512, "$6$", "$6$rounds=999999999$")) == Kind::refused);
    }

    TEST_CASE("no verdict repeats what it judges") {
        for (const char* text : {"hushhush", "$1$hushhush$QgByt6VF0qsx05xnIk4uE1", "$y$hushhush"})
            CHECK(judge_hash(text).words.find("hushhush") == std::string::npos);
    }

    TEST_CASE("a chosen password has 8 characters, whatever their octets, and at most 256 octets") {
        CHECK(password_objection("12345678").empty());
        CHECK(password_objection("üüüüüüüü").empty());
        CHECK(password_objection("üüüü").find("at least 8") != std::string::npos);
        CHECK(password_objection("").find("at least 8") != std::string::npos);
        CHECK(password_objection(std::string(256, 'a')).empty());
        CHECK_FALSE(password_objection(std::string(257, 'a')).empty());
        CHECK_FALSE(password_objection(std::string_view("1234567\0", 8)).empty());
        CHECK(password_objection("\xfc"
                                 "1234567")
                  .find("UTF-8") != std::string::npos);
    }
}
