#include "app/wiring.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "app/options.hpp"
#include "endpoints/viewer_count.hpp"
#include "http/server.hpp"

using namespace std::chrono_literals;
using onlooker::app::camera_settings;
using onlooker::app::cors;
using onlooker::app::endpoint_settings;
using onlooker::app::gatekeeper_settings;
using onlooker::app::host_names;
using onlooker::app::load_options;
using onlooker::app::Options;
using onlooker::app::server_settings;
using onlooker::app::variant_settings;
using onlooker::app::viewer_limits;
using onlooker::endpoints::ViewerLimits;
using onlooker::http::ServerSettings;

TEST_SUITE("settings of the parts") {
    TEST_CASE("the cookie has the port that is listened on, for its host may have more servers") {
        const auto port_of = [](const std::vector<std::string>& arguments) {
            return gatekeeper_settings(load_options(arguments, {})).port;
        };
        CHECK(port_of({}) == 5000);
        CHECK(port_of({"--port", "81"}) == 81);
        CHECK(port_of({"--listen", "unix:/run/a.sock", "--listen", "127.0.0.1:82"}) == 82);
        CHECK(port_of({"--listen", "unix:/run/a.sock"}) == 0);
    }

    TEST_CASE("the same pictures are held back as the camera says, or else the program") {
        const auto same_of = [](std::vector<std::string> arguments) {
            const Options options = load_options(arguments, {});
            return camera_settings(options, options.cameras.front(), {}).capture.same;
        };
        CHECK_FALSE(same_of({}).on());
        CHECK(same_of({"--drop-same-frames", "3"}).at_most == 3s);
        CHECK(same_of({"--drop-same-frames", "3"}).level == 0);
        CHECK(same_of({"--drop-same-frames", "3", "--camera", "a,drop_same_frames=4"}).at_most ==
              4s);
        CHECK_FALSE(same_of({"--drop-same-frames", "3", "--camera", "a,drop_same_frames=0"}).on());
        CHECK(same_of({"--changed", "6"}).level == 6);
        CHECK(same_of({"--changed", "6"}).at_most == 5s);
        CHECK(same_of({"--changed", "6", "--drop-same-frames", "30"}).at_most == 30s);
        CHECK_FALSE(same_of({"--changed", "6", "--camera", "a,changed=0"}).on());
    }

    // As the user writes them, each with a value of its own.
    TEST_CASE("each limit reaches the server, and the place it was meant for") {
        Options options = load_options({"--host",
                                        "127.0.0.9",
                                        "--port",
                                        "5001",
                                        "--max-connections",
                                        "5002",
                                        "--max-connections-per-address",
                                        "5003",
                                        "--max-request-line-octets",
                                        "5004",
                                        "--max-fields-octets",
                                        "5005",
                                        "--max-field-count",
                                        "5006",
                                        "--max-body-octets",
                                        "5007",
                                        "--first-request-deadline-seconds",
                                        "11",
                                        "--head-deadline-seconds",
                                        "12",
                                        "--body-deadline-seconds",
                                        "13",
                                        "--idle-deadline-seconds",
                                        "14",
                                        "--no-progress-deadline-seconds",
                                        "15"},
                                       {});
        // By hand, since a build without TLS refuses them.
        options.tls_certificate = "certificate.pem";
        options.tls_key = "key.pem";

        ServerSettings expected;
        expected.listen.front().name = "127.0.0.9";
        expected.listen.front().port = 5001;
        expected.max_connections = 5002;
        expected.max_connections_per_address = 5003;
        expected.tls_certificate = "certificate.pem";
        expected.tls_key = "key.pem";
        expected.connection.read.size.request_line = 5004;
        expected.connection.read.size.fields = 5005;
        expected.connection.read.size.field_count = 5006;
        expected.connection.read.size.body = 5007;
        expected.connection.read.first_request = 11s;
        expected.connection.read.head = 12s;
        expected.connection.read.body = 13s;
        expected.connection.read.idle = 14s;
        expected.connection.write_stall = 15s;
        CHECK((server_settings(options) == expected));
        CHECK_FALSE((server_settings(load_options({}, {})) == expected));

        CHECK(endpoint_settings(options, "run").stream.no_progress_limit == 15s);
    }

    TEST_CASE("how many viewers there may be: in all, of each camera, from each address") {
        const Options options = load_options(
            {"--max-viewers", "9", "--max-viewers-per-camera", "5", "--max-viewers-per-address",
             "3", "--camera", "a=testcard:,max_viewers=2", "--camera", "b=testcard:"},
            {});
        const ViewerLimits expected{
            .total = 9, .per_camera = 5, .per_address = 3, .of_camera = {{"a", 2}}};
        CHECK((viewer_limits(options) == expected));
        CHECK((endpoint_settings(options, "run").stream.viewers->limits() == expected));
        CHECK((viewer_limits(load_options({}, {})) == ViewerLimits{}));
    }

    TEST_CASE("how many variants there may be, who makes them, and how long they are kept") {
        const auto settings = variant_settings(load_options(
            {"--max-variants", "3", "--variant-workers", "2", "--idle-seconds", "7"}, {}));
        CHECK(settings.most == 3);
        CHECK(settings.workers == 2);
        CHECK(settings.idle_after == 7s);
        CHECK(variant_settings(load_options({}, {})).most == 64);
    }

    TEST_CASE("what is kept for clips that begin earlier, and that the cameras run for it") {
        const Options options =
            load_options({"--pre-roll", "5", "--pre-roll-megabytes", "20", "--camera",
                          "a=testcard:", "--camera", "b=testcard:,always_on=false"},
                         {});
        CHECK(pre_roll_settings(options).time == 5s);
        CHECK(pre_roll_settings(options).octets == 20'000'000);
        CHECK(options.is_always_on(options.cameras[0]));
        CHECK_FALSE(options.is_always_on(options.cameras[1]));
        const Options without = load_options({}, {});
        CHECK(pre_roll_settings(without).time == 0s);
        CHECK_FALSE(without.is_always_on(without.cameras[0]));
    }

    TEST_CASE("who may call the server, show its pictures and stand before its paths") {
        const Options options =
            load_options({"--host", "cam.lan", "--public", "--allow-host", "cam.example.org",
                          "--allow-origin", "http://octopi.local", "--prefix", "/webcam"},
                         {});
        const auto names = host_names(options, {"pi"});
        for (const char* name : {"cam.lan", "cam.example.org"})
            CHECK(names.accept(name));
        CHECK_FALSE(names.accept("attacker.example"));
        CHECK(host_names(options, {"pi.local"}).accept("pi.local"));
        CHECK(cors(options).origins == options.allow_origins);
        CHECK(cors(options).same_host);
        CHECK_FALSE(cors(load_options({"--allow-origin", "none"}, {})).same_host);
        CHECK(endpoint_settings(options, "run").prefix == "/webcam");
    }
}
