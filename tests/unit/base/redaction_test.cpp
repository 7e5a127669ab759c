#include "base/redaction.hpp"

#include <doctest/doctest.h>

using onlooker::is_secret_key;
using onlooker::without_login;
using onlooker::without_secrets;

TEST_SUITE("redaction") {
    TEST_CASE("the password of a URL is hidden from its owner's log, the user is not") {
        CHECK(without_secrets("relay:http://me:hush@h/s?x=1") == "relay:http://me:***@h/s?x=1");
        CHECK(without_secrets("relay:http://me@h/s") == "relay:http://me@h/s");
        CHECK(without_secrets("http://a:b@h/ http://c:d@i/") == "http://a:***@h/ http://c:***@i/");
        CHECK(without_secrets("http://me:hu@sh@h/") == "http://me:***@h/");
    }

    TEST_CASE("a password that nobody encoded is a password") {
        CHECK(without_secrets("http://me:hu#sh@h/s") == "http://me:***@h/s");
        CHECK(without_secrets("http://me:hu/sh@h/s") == "http://me:***@h/s");
        CHECK(without_secrets("rtsp://me:hu?sh@h") == "rtsp://me:***@h");
        CHECK(without_secrets("rtsp://me:12#3@h") == "rtsp://me:***@h");
        CHECK(without_login("rtsp://me:hu#sh@h/s?a=1") == "rtsp://h/s?...");
    }

    TEST_CASE("an '@' behind host and port is none of a login") {
        CHECK(without_secrets("relay:http://h/a:b@c") == "relay:http://h/a:b@c");
        CHECK(without_secrets("http://192.0.2.1:8080/a@b") == "http://192.0.2.1:8080/a@b");
        CHECK(without_secrets("http://[::1]:8080/a@b") == "http://[::1]:8080/a@b");
    }

    TEST_CASE("where it is not clear what is a password, rather too much is hidden") {
        CHECK(without_secrets("http://me:12/34@h/s") == "http://me:***@h/s");
        CHECK(without_secrets("http://me:p@ss/word@h/s") == "http://me:***@h/s");
        CHECK(without_secrets("http://me:hu sh@h/s") == "http://me:***@h/s");
        CHECK(without_secrets("http://me:hush") == "http://me:***");
        CHECK(without_login("http://me:12/34@h/s") == "http://***");
        CHECK(without_login("http://me:p@ss/word@h/s") == "http://***");
        CHECK(without_login("http://me:hush") == "http://***");
    }

    TEST_CASE("a login whose http:// was forgotten is a login") {
        CHECK(without_secrets("relay:admin:hush@h/s") == "relay:***@h/s");
        CHECK(without_secrets("/admin:hu/sh@h/s") == "/admin:***@h/s");
        CHECK(without_login("admin:hush@h/s") == "h/s");
        CHECK(without_secrets("/base/soc/i2c@1/imx219@10") == "/base/soc/i2c@1/imx219@10");
    }

    TEST_CASE("the value of a secret key is hidden, whole") {
        CHECK(without_secrets("d:s,password=hush,fps=5") == "d:s,password=***,fps=5");
        CHECK(without_secrets("http://h/?token=hush&a=1") == "http://h/?token=***&a=1");
        CHECK(without_secrets("password=my long one,fps=5") == "password=***,fps=5");
        CHECK(without_secrets("password=a\\,b,fps=5") == "password=***,fps=5");
        CHECK(without_secrets("password=a,b&c,fps=5") == "password=***,fps=5");
        CHECK(without_secrets("http://h/?Password=hush&a=1") == "http://h/?Password=***&a=1");
        CHECK(without_secrets("password_file=hush") == "password_file=***");
        CHECK(without_login("rtsp://h/user=me&password=hush&stream=0") ==
              "rtsp://h/user=me&password=***&stream=0");
        CHECK(without_secrets("user=me") == "user=me");
        CHECK(is_secret_key("proxy_password"));
        CHECK_FALSE(is_secret_key("passive"));
    }

    TEST_CASE("everybody sees neither login nor query") {
        CHECK(without_login("rtsp://me:s@cret@camera:554/live?token=t") ==
              "rtsp://camera:554/live?...");
        CHECK(without_login("rtsp://camera/a@b") == "rtsp://camera/a@b");
        CHECK(without_login("/dev/video0") == "/dev/video0");
    }

    TEST_CASE("what cannot be printed is escaped") {
        CHECK(without_secrets("a\nb") == "a\\x0ab");
        CHECK(without_secrets("/srv/K\xc3\xbc"
                              "che") ==
              "/srv/K\xc3\xbc"
              "che");
        CHECK(without_login("a\x1b") == "a\\x1b");
    }
}
