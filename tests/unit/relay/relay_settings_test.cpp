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
