// Whatever a person does wrong with a password, no error, report or log line repeats a piece of it.
#include <doctest/doctest.h>

#include <cstddef>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.hpp"
#include "app/reports.hpp"
#include "app/wiring.hpp"
#include "base/text.hpp"
#include "camera/driver_options.hpp"
#include "support/config_file.hpp"

using namespace onlooker;
using onlooker::test::ConfigFile;

namespace {

using Arguments = std::vector<std::string>;

// As people have them, typed as they are. Each holds what some reader takes for a separator.
constexpr const char* secrets[]{"Zqwx",           "4711",
                                "Zq@wXkv",        "Zqwx@Xkvb@jh",
                                "Zqwx/Xkvb",      "Zqwx?Xkvb",
                                "Zqwx#Xkvb",      "Zqwx:Xkvb",
                                "Zqwx%Xkvb",      "Zqwx%41Xkvb",
                                "Zqwx,Xkvb",      "Zqwx,Xkvb=jhgf",
                                "Zqwx Xkvb",      "Zqwx #Xkvb",
                                "Zqwx;Xkvb",      "Zqwx&Xkvb",
                                "Zqwx=Xkvb",      "Zqwx\"Xkvb",
                                "Zqwx'Xkvb",      "Zqwx\\,Xkvb",
                                "Zqwx]Xkvb",      "Zqwx\xc3\xbcXkvb",
                                "4711/0815",      "4711@0815/2342",
                                "/Zqwx",          "Zqwx@",
                                "4711,Xkvb=jhgf", "4711;Xkvb",
                                "Zqwx--Xkvb",     "[Zqwx]"};

// A piece of four octets that stands in `words`, as it is or escaped.
std::string leaked(const std::string& words, std::string_view secret) {
    constexpr std::size_t piece = 4;
    for (std::size_t i = 0; i + piece <= secret.size(); ++i) {
        const std::string part(secret.substr(i, piece));
        if (words.find(part) != std::string::npos || words.find(escaped(part)) != std::string::npos)
            return part;
    }
    return {};
}

class NoDriver : public camera::Driver {
    Generator<camera::Captured> frames(camera::CaptureContext&) override { co_return; }
};

// A driver that takes any source and a rate.
camera::DriverEntry any_driver(std::string_view) {
    camera::DriverEntry entry;
    entry.make = [](const camera::DriverOptions& options) -> std::unique_ptr<camera::Driver> {
        double rate = 0;
        camera::read_options("any", {camera::rate_option("fps", "Rate.", rate)}, options);
        return std::make_unique<NoDriver>();
    };
    return entry;
}

// All that the program would print.
std::string said(const Arguments& arguments, const app::Environment& environment = {}) {
    try {
        const app::Options options = app::load_options(arguments, environment);
        std::string words = app::check_text(options);
        for (const std::string& warning : options.warnings)
            words += warning + '\n';
        for (const app::CameraOption& camera : options.cameras)
            words += app::camera_settings(options, camera, any_driver(camera.driver)).device + '\n';
        app::check_cameras(options, any_driver);
        return words;
    } catch (const app::ConfigError& error) {
        return error.what();
    }
}

std::string file_said(const std::string& text) {
    const ConfigFile file(text);
    return said({"--config", file.path()});
}

// What a shell makes of words that nobody put in quotes.
Arguments split_at_blanks(const std::string& line) {
    std::istringstream words(line);
    Arguments all;
    for (std::string word; words >> word;)
        all.push_back(word);
    return all;
}

void check_all(const std::vector<std::string>& everything, std::string_view secret) {
    for (const std::string& words : everything) {
        CAPTURE(words);
        CHECK(leaked(words, secret).empty());
    }
}

}  // namespace

TEST_SUITE("secrets") {
    TEST_CASE("on the command line are not repeated") {
        for (const std::string secret : secrets) {
            CAPTURE(secret);
            const std::string url = "http://me:" + secret + "@camera.example/s?x=1";
            const std::string spec = "far=relay:" + url;
            std::vector<std::string> everything{
                said({"--camera", spec}),
                said({"--camera=" + spec}),
                said({"--camera", spec + ",fps=5"}),
                said({"--camera", spec + ",fps=often"}),
                said({"--camera", spec + ",quality=0"}),
                said({"--camera", spec + ",word"}),
                said({"--camera", spec + ",fps=1,fps=2"}),
                said({"--camera", "far:" + url}),
                said({"--camera", "far=" + url}),
                said({"--camera", url}),
                said({"--camera", "relay:me:" + secret + "@camera.example/s"}),
                said({"--camera", "relay:http:/me:" + secret + "@camera.example/s"}),
                said({"--camera", "relay:http://me@corp.example:" + secret + "@camera.example/"}),
                said({"--camera", "relay:http://h/s,user=me,password_file=" + secret}),
                said({"--camera", spec, "--camera", "b,quality=0"}),
                said({"--camera", "b", "--camera", spec + ",quality=0"}),
                said({"--camera", spec, "--camera", spec}),
                said(split_at_blanks("--camera " + spec)),
                said(split_at_blanks(spec)),
                said({"--camra", spec}),
                said({"--camra=" + spec}),
                said({"--nonesuch=" + spec}),
                said({"--check-config=" + url}),
                said({"--public=" + url}),
                said({"-c" + spec})};
            for (const char* option : {"--port", "--host", "--allow-origin", "--log-level",
                                       "--idle-seconds", "--quality", "--max-body-octets"})
                everything.push_back(said({option, url}));
            check_all(everything, secret);
        }
    }

    // Of a part that could be a host, a port or an option nobody can say that it is secret.
    TEST_CASE("in other places than a login are not repeated") {
        for (const std::string secret :
             {"Zqwx", "Zqwx/Xkvb", "Zqwx?Xkvb", "Zqwx:Xkvb", "Zqwx%Xkvb", "Zqwx,Xkvb", "Zqwx Xkvb",
              "Zqwx;Xkvb", "Zqwx\xc3\xbcXkvb", "Zqwx]Xkvb"}) {
            CAPTURE(secret);
            check_all({said({"--camera", "relay:http://me:" + secret}),
                       said({"--camera", "relay:http://h/s,user=me,password=" + secret}),
                       said({"--camera", "relay:http://h/s,user=me,pasword=" + secret + "@x"}),
                       said({"--camera", "relay:http://h/s,password=" + secret + ",quality=0"}),
                       said({"--camera", "relay:http://h/s,token_file=" + secret}),
                       said({"--camera", "relay:http://h/s?user=me&pwd=" + secret})},
                      secret);
        }
    }

    TEST_CASE("in the environment are not repeated") {
        for (const std::string secret : secrets) {
            CAPTURE(secret);
            const std::string url = "http://me:" + secret + "@camera.example/s?x=1";
            const std::string spec = "far=relay:" + url;
            check_all({said({}, {{"CAMERA", "relay:" + url}}), said({}, {{"CAMERA", url}}),
                       said({}, {{"ONLOOKER_CAMERA", spec}}),
                       said({}, {{"ONLOOKER_CAMERA", "b=testcard;" + spec + ",quality=0"}}),
                       said({}, {{"ONLOOKER_CAMRA", spec}}), said({}, {{"ONLOOKER_HOST", url}}),
                       said({}, {{"ONLOOKER_PORT", url}}),
                       said({"--camera", "opencv"}, {{"OPENCV_CAMERA_SOURCE", url}})},
                      secret);
        }
    }

    TEST_CASE("in a file are not repeated") {
        for (const std::string secret : secrets) {
            CAPTURE(secret);
            const std::string url = "http://me:" + secret + "@camera.example/s?x=1";
            const std::string spec = "far=relay:" + url;
            check_all({file_said("camera = " + spec),
                       file_said("camera = " + spec + "\nport = x"),
                       file_said("camera = " + spec + ",quality=0"),
                       file_said("camera = \"" + spec + "\""),
                       file_said("camera = '" + spec + "'"),
                       file_said("camera = \"" + spec),
                       file_said("camera = \"" + spec + "\" x"),
                       file_said("camera = [emulated, " + spec + ",quality=0]"),
                       file_said("camera = [" + spec + ", emulated]"),
                       file_said("camera = [" + spec + "\nemulated]"),
                       file_said("camera = relay:http://me:\n" + secret + "@camera.example/"),
                       file_said("camera: " + spec),
                       file_said("camera: relay:" + url),
                       file_said("camera " + spec),
                       file_said("camra = " + spec),
                       file_said("[camera]\n" + spec),
                       file_said(spec),
                       file_said(url),
                       file_said(secret),
                       file_said(secret + " = 1"),
                       file_said("password = " + secret),
                       file_said("password: " + secret),
                       file_said("port = " + url),
                       file_said("host = " + url)},
                      secret);
        }
    }

    TEST_CASE("a file's line with ':' in place of '=' is told as such") {
        CHECK(file_said("\ncamera: relay:http://me:hush@h/\n")
                  .ends_with(":2: expected camera = value, with '=' in place of the ':'"));
        CHECK(file_said("camera relay:x").ends_with(":1: expected camera = value"));
        CHECK(file_said("hush").ends_with(":1: this line is not of the form name = value"));
    }
}
