#include "app/options.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/listen_values.hpp"
#include "app/settings.hpp"
#include "support/config_file.hpp"

using namespace std::chrono_literals;
using onlooker::app::ConfigError;
using onlooker::app::Environment;
using onlooker::app::help_text;
using onlooker::app::is_loopback;
using onlooker::app::load_options;
using onlooker::app::LogLevel;
using onlooker::app::Options;
using onlooker::app::Setting;
using onlooker::app::settings;
using onlooker::app::Subsampling;
using onlooker::test::ConfigFile;

namespace {

using Arguments = std::vector<std::string>;

std::string refusal(const Arguments& arguments, const Environment& environment = {}) {
    try {
        load_options(arguments, environment);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "accepted";
}

// The refusal of a file, without the name that mkstemp chose.
std::string file_refusal(const std::string& text) {
    const ConfigFile file(text);
    const std::string words = refusal({"--config", file.path()});
    return words.starts_with(file.path()) ? "f" + words.substr(file.path().size()) : words;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_SUITE("options") {
    TEST_CASE("have an emulated camera and loopback when nothing is said") {
        const Options options = load_options({}, {});
        CHECK(options.host == "localhost");
        CHECK(options.port == 5000);
        CHECK(options.idle_time == 10s);
        CHECK(options.deadlines.no_progress == 30s);
        REQUIRE(options.cameras.size() == 1);
        CHECK(options.cameras[0].name == "camera");
        CHECK(options.cameras[0].driver == "emulated");
        CHECK(options.warnings.empty());
    }

    TEST_CASE("from the command line win over the environment, that over the file") {
        const ConfigFile file("port = 1\nquality = 11\nidle_seconds = 11\n");
        const Environment environment{{"ONLOOKER_PORT", "2"}, {"ONLOOKER_QUALITY", "22"}};
        const Options options = load_options({"--config", file.path(), "--port", "3"}, environment);
        CHECK(options.port == 3);
        CHECK(options.quality == 22);
        CHECK(options.idle_time == 11s);
        CHECK(options.config_file == file.path());
    }

    TEST_CASE("replace the cameras of a weaker source whole") {
        const ConfigFile file("camera = a=emulated\ncamera = b=emulated\n");
        CHECK(load_options({"--config", file.path()}, {}).cameras.size() == 2);
        const Options options = load_options({"--config", file.path()}, {{"CAMERA", "pi"}});
        REQUIRE(options.cameras.size() == 1);
        CHECK(options.cameras[0].driver == "pi");
        const Options stronger = load_options({}, {{"CAMERA", "pi"}, {"ONLOOKER_CAMERA", "a=b;c"}});
        REQUIRE(stronger.cameras.size() == 2);
        CHECK(stronger.cameras[0].name == "a");
        CHECK(stronger.cameras[1].driver == "c");
    }

    TEST_CASE("take the article's variables") {
        CHECK(load_options({}, {{"CAMERA", ""}}).cameras[0].driver == "emulated");
        const Environment opencv{{"CAMERA", "opencv"}, {"OPENCV_CAMERA_SOURCE", "1"}};
        CHECK(load_options({}, opencv).cameras[0].source == "1");
        CHECK(load_options({"--camera", "opencv:2"}, opencv).cameras[0].source == "2");
        CHECK(load_options({"--camera", "emulated"}, opencv).cameras[0].source.empty());
    }

    TEST_CASE("find the file in the environment, the command line's first") {
        const ConfigFile weak("port = 1\n");
        const ConfigFile strong("port = 2\n");
        const Environment environment{{"ONLOOKER_CONFIG", weak.path()}};
        CHECK(load_options({}, environment).port == 1);
        CHECK(load_options({"--config", strong.path()}, environment).port == 2);
    }

    TEST_CASE("come in every form that a setting takes") {
        const Options options =
            load_options({"--idle-seconds=0", "--always-on", "--subsampling", "422",
                          "--max-body-octets", "1M", "--head-deadline-seconds", "500ms",
                          "--log-level", "debug", "--allow-origin", "http://a", "--allow-origin",
                          "https://b:8443", "--camera", "a=x", "--camera", "b=y:z"},
                         {});
        CHECK(options.idle_time == 0s);
        CHECK(options.always_on);
        CHECK(options.subsampling == Subsampling::s422);
        CHECK(options.limits.body_octets == 1024 * 1024);
        CHECK(options.deadlines.head == 500ms);
        CHECK(options.log_level == LogLevel::debug);
        CHECK(options.allow_origins == Arguments{"http://a", "https://b:8443"});
        const Options written = load_options(
            {"--allow-origin", "http://Octopi.local:80", "--allow-origin", "https://b:443"}, {});
        CHECK(written.allow_origins == Arguments{"http://octopi.local", "https://b"});
        CHECK(written.allow_same_host);
        CHECK(options.cameras.size() == 2);
    }

    TEST_CASE("take an origin however people write it, and keep it as a browser does") {
        struct Row {
            std::string written;
            std::string kept;
        };
        for (const Row& row :
             {Row{"http://my_printer.local", "http://my_printer.local"}, Row{"*", "*"},
              Row{"HTTP://Pi.Local:8080/", "http://pi.local:8080"}, Row{"http://a:080", "http://a"},
              Row{"http://xn--kche-0ra.local", "http://xn--kche-0ra.local"},
              Row{"https://a:80", "https://a:80"},
              Row{"http://192.168.1.5:7125", "http://192.168.1.5:7125"},
              Row{"http://[2001:DB8:0:0::1]:81", "http://[2001:db8::1]:81"},
              Row{"http://[::1]/", "http://[::1]"},
              Row{"chrome-extension://abcdefgh", "chrome-extension://abcdefgh"},
              Row{"capacitor://localhost", "capacitor://localhost"}}) {
            CAPTURE(row.written);
            CHECK(load_options({"--allow-origin", row.written}, {}).allow_origins ==
                  Arguments{row.kept});
        }
        for (const char* wrong : {"http://", "://a", "http://a/b", "http://a?b", "http://u@a",
                                  "http://a:b", "http://a:0", "http://a:99999", "http://[::1",
                                  "http://[x]", "http://*.local", "http://a b",
                                  "http://k\xc3\xbc"
                                  "che.local",
                                  "a", "http:a", "http://a//"})
            CHECK(contains(refusal({"--allow-origin", wrong}), "expected an origin such as"));
        CHECK(contains(refusal({"--allow-origin", "null"}), "allow * if you mean all pages"));
    }

    TEST_CASE("close the server to pages of the same host with none, alone") {
        const Options options = load_options({"--allow-origin", "none"}, {});
        CHECK_FALSE(options.allow_same_host);
        CHECK(options.allow_origins.empty());
        CHECK(load_options({"--allow-origin", "*"}, {{"ONLOOKER_ALLOW_ORIGIN", "none"}})
                  .allow_same_host);
        CHECK(contains(refusal({"--allow-origin", "none", "--allow-origin", "http://a"}),
                       "none stands alone"));
    }

    TEST_CASE("take names by which requests may call the server") {
        const Options options = load_options({"--allow-host", "Cam.Example.org.", "--allow-host",
                                              "*.example.net", "--allow-host", "*"},
                                             {});
        CHECK(options.allow_hosts == Arguments{"cam.example.org", "*.example.net", "*"});
        for (const char* wrong : {"http://a", "a:80", "", "*a", "a.*", "a b", "*."})
            CHECK(contains(refusal({"--allow-host", wrong}), "--allow-host"));
    }

    TEST_CASE("take the prefix of a proxy") {
        CHECK_FALSE(load_options({}, {}).prefix);
        CHECK(load_options({"--prefix", "/cam/one/"}, {}).prefix == "/cam/one");
        CHECK(load_options({"--prefix", "/"}, {}).prefix == "");
        for (const char* wrong : {"webcam", "//", "/a//b", "/../a", "/a b", "/a?b"})
            CHECK(contains(refusal({"--prefix", wrong}), "expected a path such as /webcam"));
    }

    TEST_CASE("take false for a flag that a weaker source set") {
        const Environment environment{{"ONLOOKER_ALWAYS_ON", "yes"}};
        CHECK(load_options({}, environment).always_on);
        CHECK_FALSE(load_options({"--always-on=false"}, environment).always_on);
    }

    TEST_CASE("are refused with option and expectation") {
        CHECK(refusal({"--port", "99999"}) ==
              "--port = 99999: expected a whole number from 1 to 65535");
        CHECK(refusal({"--port", "-1"}) == "--port = -1: expected a whole number from 1 to 65535");
        CHECK(refusal({"--idle-seconds", "soon"}) ==
              "--idle-seconds = soon: expected seconds from 0 s to 86400 s, such as 10, 0.5 or "
              "500ms");
        CHECK(contains(refusal({"--idle-seconds", "1e3"}), "expected seconds"));
        CHECK(contains(refusal({"--idle-seconds", "999999999999999999999h"}), "expected seconds"));
        CHECK(
            contains(refusal({"--max-body-octets", "65M"}), "expected octets from 0 to 67108864"));
        CHECK(contains(refusal({"--max-body-octets", "99999999999999999999"}), "expected octets"));
        CHECK(refusal({"--log-level", "loud"}) ==
              "--log-level = loud: expected debug, info, warning, error or off");
        CHECK(contains(refusal({"--allow-origin", "mainsail.local"}), "expected an origin"));
        CHECK(contains(refusal({"--host", "a b"}), "expected an address"));
        CHECK(contains(refusal({"--prot", "1"}), "unknown option --prot; did you mean --port?"));
        CHECK(contains(refusal({"--zzzzzzzzz"}), "unknown option --zzzzzzzzz; see --help"));
        CHECK(contains(refusal({"emulated"}), "'emulated' was not expected"));
        CHECK(refusal({"--port"}) == "--port needs a value behind it; see --help");
        CHECK(refusal({"--public=maybe"}) == "--public = maybe: expected true or false");
    }

    TEST_CASE("are refused with the variable's name") {
        CHECK(refusal({}, {{"ONLOOKER_PORT", "tcp://10.0.0.1:80"}}) ==
              "ONLOOKER_PORT = tcp://10.0.0.1:80: expected a whole number from 1 to 65535; an "
              "address goes to --host");
        CHECK(refusal({}, {{"ONLOOKER_PUBLIC", "maybe"}}) ==
              "ONLOOKER_PUBLIC = maybe: expected true or false");
        CHECK(contains(refusal({}, {{"CAMERA", "a b"}}), "CAMERA = a b: 'a b' is no name"));
    }

    TEST_CASE("are refused with file, line and key") {
        CHECK(file_refusal("\nport = x\n") ==
              "f:2: port = x: expected a whole number from 1 to 65535");
        CHECK(file_refusal("prot = 1\n") ==
              "f:1: prot: there is no such setting; did you mean port?");
        CHECK(file_refusal("zzzzzzzzz = 1\n") ==
              "f:1: there is no setting of this name; see --help");
        CHECK(file_refusal("version = true\n") ==
              "f:1: version: this is for the command line only");
        CHECK(file_refusal("config = x\n") == "f:1: config: this is for the command line only");
        CHECK(contains(file_refusal("port = 1\nport = 2\n"), "f:2: port: this is the second time"));
        CHECK(file_refusal("port = [1, 2]\n") == "f:1: port: expected one value, not a [list]");
        CHECK(contains(file_refusal("camera = a\ncamera = b,c=1,d\ncamera = e\n"), "f:2: camera"));
        CHECK(contains(file_refusal("camera = [a, x=a, \"x=b\"]\n"), "two cameras are named x"));
        CHECK(contains(refusal({"--config", "/nonesuch"}), "cannot read /nonesuch"));
    }

    TEST_CASE("never show a secret in a refusal") {
        const std::string words =
            refusal({"--camera", "relay:http://me:hush@h/,quality=0", "--camera", "b"});
        CHECK(contains(words, "quality=0"));
        CHECK_FALSE(contains(words, "hush"));
    }

    TEST_CASE("tell of variables that are none of ours") {
        for (const char* name : {"ONLOOKER_PORT_80_TCP", "ONLOOKER_SERVICE_HOST", "ONLOOKER_HOME",
                                 "ONLOOKER_VERSION", "ONLOOKER_HELP", "ONLOOKER_"}) {
            CAPTURE(name);
            const Options options = load_options({}, {{name, "x"}, {"HOME", "/"}});
            REQUIRE(options.warnings.size() == 1);
            CHECK(contains(options.warnings[0], name));
        }
    }

    TEST_CASE("object to a variable that is misspelt") {
        CHECK(contains(refusal({}, {{"ONLOOKER_CAMRA", "testcard"}}),
                       "ONLOOKER_CAMRA: there is no such setting; did you mean ONLOOKER_CAMERA?"));
        CHECK(contains(refusal({}, {{"ONLOOKER_CAMERAS", ""}}), "ONLOOKER_CAMERA?"));
        CHECK(contains(refusal({}, {{"ONLOOKER_PROT", "1"}}), "ONLOOKER_PORT") == false);
        CHECK(contains(refusal({}, {{"ONLOOKER_IDLE_SECOND", "1"}}), "ONLOOKER_IDLE_SECONDS?"));
        CHECK(contains(refusal({}, {{"ONLOOKER_IDLE-SECONDS", "1"}}), "ONLOOKER_IDLE_SECONDS?"));
    }

    TEST_CASE("with an address where a port stands, or the other way round, say where it goes") {
        for (const char* host : {"127.0.0.1:5000", "[::1]:5000", "localhost:80", "octopi:80"}) {
            CAPTURE(host);
            CHECK(contains(refusal({"--host", host}), "the port behind the ':' goes to --port"));
        }
        CHECK(contains(refusal({"--host", "http://octopi/"}), "without http://"));
        CHECK(contains(refusal({"--host", "*"}), "take :: or"));
        CHECK(contains(refusal({"--host", "[]"}), "expected an address"));
        CHECK(load_options({"--host", "[::1]"}, {}).host == "::1");
        CHECK(contains(refusal({"--port", "localhost:80"}), "an address goes to --host"));
        CHECK(contains(refusal({"--port", ":80"}), "an address goes to --host"));
    }

    TEST_CASE("need --public for a host beyond this machine") {
        const std::string words = refusal({"--host", "0.0.0.0"});
        CHECK(contains(words, "anyone on that network"));
        CHECK(contains(words, "--public"));
        CHECK(contains(refusal({"--host", "::"}), "--public"));
        const Options options = load_options({"--host", "0.0.0.0", "--public"}, {});
        REQUIRE(options.warnings.size() == 1);
        CHECK(contains(options.warnings[0], "anyone on that network"));
        for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "::ffff:127.0.0.1"})
            CHECK(is_loopback(host));
        for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "localhost.example", "127.1"})
            CHECK_FALSE(is_loopback(host));
    }

    TEST_CASE("listen where they are told, and at host and port only if these are named") {
        const auto places = [](const Arguments& arguments) {
            std::vector<std::string> shown;
            for (const auto& address : load_options(arguments, {}).listen_addresses())
                shown.push_back(onlooker::app::show_listen(address));
            return shown;
        };
        using Places = std::vector<std::string>;
        CHECK(places({}) == Places{"localhost:5000"});
        CHECK(places({"--listen", "127.0.0.1:80"}) == Places{"127.0.0.1:80"});
        CHECK(places({"--listen", "unix:/a,mode=0600", "--listen", "http://[::1]:80/", "--port",
                      "6"}) == Places{"localhost:6", "unix:/a", "http://[::1]:80"});
        CHECK(places({"--public", "--listen", "%wlan0:80"}) == Places{"%wlan0:80"});
        CHECK(load_options({"--listen", "unix:/a,mode=0600"}, {}).listen.front().mode == 0600);
        CHECK(load_options({"--listen", "unix:/a"}, {}).listen.front().mode == 0660);
    }

    TEST_CASE("refuse what is no place to listen, in words") {
        const auto listening = [](const std::string& value) {
            return refusal({"--public", "--listen", value});
        };
        for (const char* value : {"5000", "localhost", "[::1]", "http://localhost"})
            CHECK(contains(listening(value), "expected an address and a port"));
        CHECK(contains(listening("::1:80"), "needs brackets"));
        CHECK(contains(listening("localhost:0"), "from 1 to 65535"));
        CHECK(contains(listening("unix:sock"), "the whole path"));
        CHECK(contains(listening("unix:/a,mode=999"), "0600 to 0777"));
        CHECK(contains(listening("unix:/a,owner=me"), "expected mode=0660"));
        CHECK(contains(listening("https://unix:/a"), "without TLS"));
        CHECK(contains(listening("%:80"), "name of a network interface"));
        CHECK(contains(listening("https://localhost:80"), "takes a certificate"));
        CHECK(contains(refusal({"--tls-redirect"}), "takes a port of each kind"));
    }

    TEST_CASE("need --public for each address beyond this machine") {
        for (const char* value : {"0.0.0.0:80", "%wlan0:80", "[::]:80", "cam.lan:80"}) {
            CAPTURE(value);
            const std::string words = refusal({"--listen", "127.0.0.1:81", "--listen", value});
            CHECK(contains(words, std::string("--listen ") + value + " lets anyone"));
            CHECK(load_options({"--listen", value, "--public"}, {}).warnings.size() == 1);
        }
        for (const char* value : {"unix:/a", "%lo:80", "[::1]:80"})
            CHECK(load_options({"--listen", value}, {}).warnings.empty());
    }

    TEST_CASE("need certificate and key together") {
        CHECK(contains(refusal({"--tls-certificate", "c"}), "without --tls-key"));
        CHECK(contains(refusal({"--tls-key", "k"}), "without --tls-certificate"));
    }

    TEST_CASE(
        "keep a certificate of our own where they are told, or where programs keep their state") {
        using onlooker::app::build_config::has_tls;
        if (!has_tls)
            return;
        const auto folder = [](const Arguments& arguments, const Environment& environment) {
            return *load_options(arguments, environment).tls_self_signed;
        };
        const Environment home{{"HOME", "/home/me"}};
        CHECK(folder({"--tls-self-signed", "mine"}, home) == "mine");
        CHECK(folder({"--tls-self-signed"}, home) == "/home/me/.local/state/onlooker");
        CHECK(folder({"--tls-self-signed", "--port", "80"},
                     {{"HOME", "/"}, {"STATE_DIRECTORY", "/var/lib/onlooker:/b"}}) ==
              "/var/lib/onlooker");
        CHECK(folder({}, {{"ONLOOKER_TLS_SELF_SIGNED", "yes"}, {"XDG_STATE_HOME", "/states"}}) ==
              "/states/onlooker");
        CHECK_FALSE(load_options({}, {{"ONLOOKER_TLS_SELF_SIGNED", "no"}}).tls_self_signed);
        const Options options = load_options({"--tls-self-signed", "mine"}, {});
        CHECK(options.tls_certificate == "mine/self-signed.pem");
        CHECK(options.tls_key == options.tls_certificate);
        CHECK(contains(refusal({"--tls-self-signed"}), "neither STATE_DIRECTORY nor HOME"));
        CHECK(contains(refusal({"--tls-self-signed", "d", "--tls-key", "k"}), "leave one of"));
    }

    TEST_CASE("keep controls where a service manager says, unless they say where themselves") {
        const Environment service{{"STATE_DIRECTORY", "/var/lib/onlooker:/b"}};
        CHECK(load_options({}, {{"HOME", "/home/me"}}).state_file.empty());
        CHECK(load_options({}, service).state_file == "/var/lib/onlooker/state.json");
        CHECK(load_options({"--state-file", "mine"}, service).state_file == "mine");
    }

    TEST_CASE("for help and version need nothing else to be right") {
        CHECK(load_options({"--help", "--port", "x"}, {{"ONLOOKER_PORT", "y"}}).action ==
              Options::Action::help);
        CHECK(load_options({"-h"}, {}).action == Options::Action::help);
        CHECK(load_options({"--version"}, {}).action == Options::Action::version);
        for (const Arguments& plain : {Arguments{"--help"},
                                       {"--port", "1", "-h"},
                                       {"--help", "--public"},
                                       {"-h", "--camera", "x"}})
            CHECK(load_options(plain, {}).help_driver.empty());
        for (const Arguments& asked : {Arguments{"--help", "v4l2"},
                                       {"--help=v4l2"},
                                       {"-h", "v4l2"},
                                       {"--public", "--help", "v4l2", "--port", "x"}}) {
            CHECK(load_options(asked, {}).action == Options::Action::help);
            CHECK(load_options(asked, {}).help_driver == "v4l2");
        }
        CHECK(load_options({"--help", "mine", "--driver-dir", "/mine"}, {}).driver_dir == "/mine");
        CHECK(load_options({"--help", "mine"}, {{"ONLOOKER_DRIVER_DIR", "/mine"}}).driver_dir ==
              "/mine");
        CHECK(contains(refusal({"--help", "v4l2", "relay"}),
                       "word 3 of the command line was not expected"));
        CHECK(load_options({"--check-config"}, {}).action == Options::Action::check_config);
    }

    TEST_CASE("stand in the help, each, within 100 columns") {
        const std::string help = help_text({{"emulated", "three pictures"}});
        for (const Setting& setting : settings()) {
            CAPTURE(setting.option_name());
            CHECK(contains(help, setting.option_name()));
            CHECK(contains(help, setting.help.substr(0, setting.help.find('\n'))));
        }
        CHECK(contains(help, "emulated     three pictures"));
        std::istringstream lines(help);
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            CHECK(line.size() <= 100);
        }
    }
}
