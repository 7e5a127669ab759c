#include "camera/driver_options.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace onlooker::camera;
using namespace std::chrono_literals;
using onlooker::media::PictureSize;

namespace {

enum class Colour { red, green };

struct Settings {
    PictureSize size{640, 480};
    std::optional<double> rate;
    unsigned buffers = 4;
    bool loop = false;
    Colour colour = Colour::green;
    std::string login;
    std::chrono::milliseconds patience{1500};
};

OptionRows rows(Settings& settings) {
    return {
        size_option("size", "Size.", settings.size, 16, 4096),
        rate_option("fps", "Rate.", settings.rate).unless_set("the toy's own"),
        whole_option("buffers", "COUNT", "Buffers.", 2, 32, settings.buffers),
        switch_option("loop", "Again.", settings.loop),
        choice_option<Colour>("colour", "Colour.", {{"red", Colour::red}, {"green", Colour::green}},
                              settings.colour),
        text_option("login", "NAME", "Login.", settings.login),
        seconds_option("patience", "Patience.", 100ms, 1h, settings.patience),
        whole_option("pin_token", "COUNT", "A number that is nobody's business.", 1, 9,
                     settings.buffers),
    };
}

Settings parse(const std::map<std::string, std::string>& values, const OtherKeys& others = {}) {
    Settings settings;
    read_options("toy", rows(settings), {"bed", "", values}, others);
    return settings;
}

std::string refusal(const std::string& key, const std::string& value,
                    const OtherKeys& others = {}) {
    try {
        parse({{key, value}}, others);
    } catch (const DriverOptionError& error) {
        return error.what();
    }
    return "taken";
}

}  // namespace

TEST_SUITE("driver options") {
    TEST_CASE("go where their rows say") {
        const Settings settings = parse({{"size", "320x200"},
                                         {"fps", "12.5"},
                                         {"buffers", "8"},
                                         {"loop", "yes"},
                                         {"colour", "red"},
                                         {"login", "me, too"},
                                         {"patience", "0.25"}});
        CHECK(settings.size == PictureSize{320, 200});
        CHECK(settings.rate == 12.5);
        CHECK(settings.buffers == 8);
        CHECK(settings.loop);
        CHECK(settings.colour == Colour::red);
        CHECK(settings.login == "me, too");
        CHECK(settings.patience == 250ms);
    }

    TEST_CASE("that are not written leave the defaults") {
        const Settings settings = parse({});
        CHECK(settings.size == PictureSize{640, 480});
        CHECK_FALSE(settings.rate);
        CHECK(settings.colour == Colour::green);
    }

    TEST_CASE("are refused with key, value and what was expected") {
        CHECK(refusal("size", "15x16") ==
              "size=15x16: expected WIDTHxHEIGHT, each from 16 to 4096");
        CHECK(refusal("buffers", "1") == "buffers=1: expected a whole number from 2 to 32");
        CHECK(refusal("buffers", "4.5") == "buffers=4.5: expected a whole number from 2 to 32");
        CHECK(refusal("loop", "") == "loop=: expected true or false");
        CHECK(refusal("patience", "0.09") == "patience=0.09: expected seconds from 0.1 to 3600");
        for (const char* rate : {"", "0", "-1", "0.0009", "1001", "nan", "inf", "3 ", "30fps"})
            CHECK(refusal("fps", rate) ==
                  std::string("fps=") + rate + ": expected frames per second from 0.001 to 1000");
        for (const char* rate : {"0.001", "1000", "29.97"})
            CHECK(refusal("fps", rate) == "taken");
    }

    TEST_CASE("that are misspelt are recognised, keys and values") {
        CHECK(refusal("bufers", "4") ==
              "toy has no option 'bufers'; did you mean buffers? It has size, fps, buffers, loop, "
              "colour, login, patience and pin_token");
        CHECK(
            refusal("resolution", "4").starts_with("toy has no option 'resolution'; it has size,"));
        CHECK(refusal("colour", "grene") ==
              "colour=grene: expected red or green; did you mean green?");
        CHECK(refusal("colour", "blueish") == "colour=blueish: expected red or green");
    }

    TEST_CASE("are refused in one line of printable text, and never with a password") {
        CHECK(refusal("a\nb", "x").starts_with("toy has no option 'a\\x0ab'; it has"));
        CHECK(refusal("loop", "\x1b[2J").starts_with("loop=\\x1b[2J: expected"));
        CHECK(refusal("pin_token", "hush").starts_with("pin_token=***: expected"));
        CHECK(refusal("size", "http://me:hush@h/").find("hush") == std::string::npos);
        CHECK(refusal("password", "hush").find("hush") == std::string::npos);
    }

    TEST_CASE("of other keys are the driver's affair") {
        std::string seen;
        const OtherKeys controls{.read =
                                     [&seen](const std::string& key, const std::string& value) {
                                         seen += key + "=" + value + ";";
                                         return key == "hue";
                                     },
                                 .words = "the controls of the toy"};
        CHECK(refusal("hue", "5", controls) == "taken");
        CHECK(refusal("size", "320x200", controls) == "taken");
        CHECK(refusal("gloss", "5", controls).ends_with("pin_token and the controls of the toy"));
        CHECK(seen == "hue=5;gloss=5;");
    }

    TEST_CASE("are described with unit, range and default") {
        Settings defaults;
        const std::vector<OptionDescription> all = descriptions(rows(defaults));
        const auto of = [&all](std::string_view name) {
            for (const OptionDescription& option : all)
                if (option.name == name)
                    return option.placeholder + "; " + option.expected + "; " + option.when_absent;
            return std::string();
        };
        CHECK(of("size") == "WIDTHxHEIGHT; WIDTHxHEIGHT, each from 16 to 4096; 640x480");
        CHECK(of("fps") == "RATE; frames per second from 0.001 to 1000; the toy's own");
        CHECK(of("buffers") == "COUNT; a whole number from 2 to 32; 4");
        CHECK(of("loop") == "true|false; true or false; false");
        CHECK(of("colour") == "red|green; red or green; green");
        CHECK(of("login") == "NAME; ; ");
        CHECK(of("patience") == "SECONDS; seconds from 0.1 to 3600; 1.5");
    }
}
