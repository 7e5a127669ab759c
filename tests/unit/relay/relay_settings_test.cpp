#include "relay/relay_settings.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>

using onlooker::camera::DriverOptionError;
using onlooker::drivers::RelaySettings;

namespace {

RelaySettings parse(const std::string& source, std::map<std::string, std::string> values = {}) {
    return onlooker::drivers::relay::parse_options(
        {.camera_name = "far", .source = source, .values = std::move(values)});
}

}  // namespace

TEST_SUITE("relay options") {
    TEST_CASE("a login in the URL is taken out of it, and shown nowhere") {
        const RelaySettings options = parse("http://me:s%40cret@camera.local:81/stream?key=k#top");
        CHECK(options.url == "http://camera.local:81/stream?key=k");
        CHECK(options.shown == "http://camera.local:81/stream?...");
        CHECK(options.user == "me");
        CHECK(options.password == "s@cret");
    }

    TEST_CASE("a password may be typed as it is, where it is clear where it ends") {
        const struct {
            const char* source;
            const char* password;
        } rows[]{
            {"http://me:p@localhost@camera:81/s", "p@localhost"},
            {"http://me:p%40localhost%23w%2Frd@camera:81/s", "p@localhost#w/rd"},
            {"http://me:a b,c=d;e&f@camera:81/s", "a b,c=d;e&f"},
            {"http://me:100%sure@camera:81/s", "100%sure"},
            {"http://me:a%@camera:81/s", "a%"},
            {"http://me:\xc3\xbc\"'\\@camera:81/s", "\xc3\xbc\"'\\"},
            {"http://me:a:b@camera:81/s", "a:b"},
            {"http://me:[x]@camera:81/s", "[x]"},
            {"http://me:@camera:81/s", ""},
        };
        for (const auto& row : rows) {
            CAPTURE(row.source);
            const RelaySettings options = parse(row.source);
            CHECK(options.url == "http://camera:81/s");
            CHECK(options.shown == "http://camera:81/s");
            CHECK(options.user == "me");
            CHECK(options.password == row.password);
        }
        CHECK(parse("http://me@corp.com:a@camera/").user == "me@corp.com");
    }

    TEST_CASE("a password that cannot be told from the path is refused, and not repeated") {
        for (const char* source :
             {"http://me:hush/word@camera/", "http://me:hush?word@camera/",
              "http://me:hu@sh#word@camera/", "http://me:4711/word@camera/",
              "http://me:@hush/word@camera/", "http://me:p@localhost#word@192.0.2.1:81/s",
              "http://me:hush", "http://me:a%0d%0ahush@camera/"}) {
            CAPTURE(source);
            try {
                parse(source);
                FAIL("taken");
            } catch (const DriverOptionError& error) {
                const std::string words = error.what();
                CHECK(words.find("hush") == std::string::npos);
                CHECK(words.find("word@") == std::string::npos);
                CHECK(words.find("4711") == std::string::npos);
            }
        }
        CHECK_THROWS_WITH_AS(parse("http://me:hush/word@camera/"),
                             "relay: the password in the URL holds a '/', '?' or '#': write it as "
                             "%2F, %3F or %23",
                             DriverOptionError);
        // Of an address it is clear that it is the host.
        CHECK(parse("http://192.0.2.1:81/a@b").shown == "http://192.0.2.1:81/a@b");
        CHECK(parse("http://camera/a@b").shown == "http://camera/a@b");
    }

    TEST_CASE("takes its values") {
        const RelaySettings options =
            parse("https://camera/", {{"fps", "2.5"}, {"timeout", "3"}, {"ca", "/ca.pem"}});
        CHECK(options.rate == 2.5);
        CHECK(options.silence == std::chrono::seconds(3));
        CHECK(options.ca_file == "/ca.pem");
        CHECK(options.is_https());
    }

    TEST_CASE("refuses sources that are no http or https URL, and does not repeat them") {
        for (const char* source :
             {"", "camera", "ftp://me:secret@camera/", "file:///etc/passwd", "http://",
              "http://me:secret@camera:99999/", "//camera/", "https:camera", "rtsp://camera/"}) {
            CAPTURE(source);
            try {
                parse(source);
                FAIL("taken");
            } catch (const DriverOptionError& error) {
                CHECK(std::string(error.what()).find("secret") == std::string::npos);
            }
        }
    }

    TEST_CASE("takes a URL as people type it") {
        CHECK(parse("HTTP://Camera/Shot").url == "http://Camera/Shot");
        CHECK(parse("HTTPS://camera/", {{"ca", "/ca.pem"}}).is_https());
        const RelaySettings options = parse("  http://camera/my shot?of=the bed ");
        CHECK(options.url == "http://camera/my%20shot?of=the%20bed");
        CHECK(options.shown == "http://camera/my%20shot?...");
        CHECK(parse("http://camera/k\xc3\xbc"
                    "che")
                  .url == "http://camera/k%c3%bcche");
        CHECK(parse("http://camera/a%20b").url == "http://camera/a%20b");
    }

    TEST_CASE("an address that is refused is told before anything is asked") {
        for (const char* host : {"169.254.169.254", "0xa9fea9fe", "[fe80::1]", "[fe80::1%25eth0]",
                                 "[::ffff:169.254.1.1]"}) {
            CAPTURE(host);
            CHECK_THROWS_WITH_AS(parse(std::string("http://me:secret@") + host + "/"),
                                 doctest::Contains("is refused: it is a link-local address"),
                                 DriverOptionError);
        }
    }

    TEST_CASE("never repeats what may be a password") {
        try {
            parse("http://camera/", {{"password", "hush"}});
            FAIL("taken");
        } catch (const DriverOptionError& error) {
            const std::string words = error.what();
            CHECK(words.starts_with("relay has no option 'password'; it has user,"));
            CHECK(words.find("hush") == std::string::npos);
        }
    }

    TEST_CASE("refuses what it does not know or what makes no sense") {
        const std::string url = "http://camera/";
        CHECK_THROWS_AS(parse(url, {{"size", "640x480"}}), DriverOptionError);
        for (const char* rate : {"0", "-1", "nan", "inf", "5 ", "", "1e9"})
            CHECK_THROWS_AS(parse(url, {{"fps", rate}}), DriverOptionError);
        CHECK_THROWS_AS(parse(url, {{"timeout", "0"}}), DriverOptionError);
        CHECK_THROWS_WITH_AS(
            parse(url, {{"timout", "3"}}),
            "relay has no option 'timout'; did you mean timeout? It has user, password_file, "
            "token_file, ca, fps and timeout",
            DriverOptionError);
        CHECK_THROWS_WITH_AS(parse(url, {{"timeout", "soon"}}),
                             "timeout=soon: expected seconds from 0.1 to 3600", DriverOptionError);
        CHECK_THROWS_AS(parse(url, {{"password_file", "/p"}}), DriverOptionError);
        CHECK_THROWS_AS(parse(url, {{"token_file", "/t"}, {"user", "me"}}), DriverOptionError);
        CHECK_THROWS_AS(parse(url, {{"ca", "/ca.pem"}}), DriverOptionError);
    }
}
