// What the words of a query ask for, in all the spellings of the field, and what is told of those
// that are wrong.
#include "endpoints/recipe_query.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "http/message/request.hpp"
#include "http/message/response.hpp"
#include "media/recipe.hpp"

using namespace onlooker;
using endpoints::RecipeQuery;
using media::Overlay;
using media::Recipe;
using media::Turn;

namespace {

RecipeQuery asked(std::string_view query) {
    CAPTURE(query);
    const auto answer = endpoints::recipe_query(http::Query::parse(query));
    if (const auto* refusal = std::get_if<http::Response>(&answer))
        FAIL(std::get<std::string>(refusal->body));
    return std::get<RecipeQuery>(answer);
}

Recipe recipe(std::string_view query) {
    return asked(query).recipe;
}

// The words of the 400; empty if it is none.
std::string refusal(std::string_view query) {
    const auto answer = endpoints::recipe_query(http::Query::parse(query));
    const auto* response = std::get_if<http::Response>(&answer);
    if (response == nullptr)
        return {};
    CHECK(response->status == 400);
    return std::get<std::string>(response->body);
}

// Each of them asks for the same.
void check_same(const std::vector<std::string>& queries) {
    for (const std::string& query : queries) {
        CAPTURE(query);
        CHECK(recipe(query) == recipe(queries.front()));
        CHECK(asked(query).rate == asked(queries.front()).rate);
    }
}

struct Refused {
    std::string query;
    std::string told;
};

void check_refused(const std::vector<Refused>& all) {
    for (const auto& [query, told] : all) {
        CAPTURE(query);
        const std::string words = refusal(query);
        CAPTURE(words);
        CHECK(words.find(told) != std::string::npos);
    }
}

}  // namespace

TEST_SUITE("what a query asks of the pictures") {
    TEST_CASE("nothing, where none of the words is ours") {
        for (const char* query :
             {"", "1700000000", "timestamp=1700000000&bypassCache=1700000000", "cacheBust=1",
              "key=page-1&extra_headers=1&advance_headers=1&dual_final_frames=1&zero_data=1",
              "format=length", "topic=/camera/image_raw&type=mjpeg&default_transport=compressed",
              "action=stream", "max_delay=0", "src=yard", "monitor=1&mode=jpeg&buffer=1000",
              "camera=1&textsize=small&clock=0&date=0&text=0&duration=0", "widths=1&Fpss=x"}) {
            CAPTURE(query);
            CHECK(recipe(query).is_plain());
            CHECK(asked(query).rate == 0);
            CHECK(!asked(query).auto_size);
        }
    }

    TEST_CASE("a size in pixels, as ROS, go2rtc, Blue Iris, CameraProxy and Axis write it") {
        CHECK(recipe("width=640").fit_width == 640);
        CHECK(recipe("height=480").fit_height == 480);
        CHECK(recipe("width=640").fit_height == 0);
        check_same({"width=640&height=480", "w=640&h=480", "maxwidth=640&maxheight=480",
                    "resolution=640x480", "size=640X480", "WIDTH=640&Height=480",
                    "resolution=640x480&width=640", "width=640&w=640&h=480", "h=480&width=+640+",
                    "t=1?width=640?height=480", "width=640&amp;height=480",
                    "width=640&height=480&width=320"});
        check_same({"", "width=", "width", "width=0", "w=0&h=0",
                    "resolution=", "width=&height=", "topic=T&type=mjpeg&quality=&width=&height="});
        CHECK(recipe("width=65535").fit_width == 65535);
    }

    TEST_CASE("a size as a part, where a number above 1 is percent as for ZoneMinder") {
        check_same({"scale=1/2", "scale=0.5", "scale=.5", "scale=50%", "scale=50%25", "scale=50",
                    "scale=2/4", "scale=51", "Scale=50.0"});
        CHECK(recipe("scale=1/2").eighths == 4);
        CHECK(recipe("scale=3/8").eighths == 3);
        CHECK(recipe("scale=75").eighths == 6);
        CHECK(recipe("scale=1%").eighths == 1);
        CHECK(recipe("scale=0.001").eighths == 1);
        // Never larger than the source.
        check_same({"", "scale=1", "scale=100", "scale=100%", "scale=0", "scale=", "scale=8/8",
                    "scale=400", "scale=3/2", "scale=97"});
    }

    TEST_CASE("a rate, to the hundredth, where 0 is every frame as for Axis") {
        check_same({"fps=10", "maxfps=10", "fps=10.0", "fps=10.001", "fps=20/2"});
        CHECK(asked("fps=10").rate == 10);
        CHECK(asked("fps=12.5").rate == 12.5);
        CHECK(asked("fps=1/5").rate == 0.2);
        CHECK(asked("fps=0.00001").rate == 0.01);
        check_same({"", "fps=0", "fps=", "fps", "fps=250", "fps=1000", "maxfps=0"});
        CHECK(recipe("fps=10").is_plain());
    }

    TEST_CASE("a quality, or a compression as Axis counts it") {
        CHECK(recipe("quality=60").quality == 60);
        check_same({"quality=70", "q=70", "compression=30", "quality=70&compression=30"});
        CHECK(recipe("compression=100").quality == 1);
        CHECK(recipe("compression=0").quality == 100);
        check_same({"", "quality=", "q="});
    }

    TEST_CASE("turns clockwise, with the signs of go2rtc") {
        CHECK(recipe("rotate=90").turn == Turn::right);
        check_same({"rotate=90", "rotation=90", "rotate=-270"});
        check_same({"rotate=270", "rotate=-90", "rotation=-90"});
        check_same({"rotate=180", "rotate=-180", "invert", "invert=1", "flip=hv", "flip=vh",
                    "flip=both", "hflip=1&vflip=1", "mirror=1&vflip=1", "flip=h&vflip=1"});
        CHECK(recipe("rotate=180").turn == Turn::half);
        check_same({"", "rotate=0", "rotate=360", "rotate=-360", "rotation=0&mirror=0",
                    "rotate=180&invert=1", "flip=none", "flip=0", "hflip=0", "invert=0"});
    }

    TEST_CASE("it is turned first and then flipped, and comes out as one of the eight ways") {
        check_same({"flip=h", "flip=horizontal", "mirror=1", "mirror", "hflip=1", "hflip=true",
                    "flip=H", "mirror=1&flip=h"});
        CHECK(recipe("flip=h").mirror);
        CHECK(recipe("flip=h").turn == Turn::none);
        check_same({"flip=v", "flip=vertical", "vflip=1", "rotate=180&flip=h"});
        CHECK(recipe("flip=v").mirror);
        CHECK(recipe("flip=v").turn == Turn::half);
        check_same({"rotate=90&flip=v", "rotate=270&flip=h", "rotate=-90&mirror=1"});
        check_same({"rotate=90&flip=hv", "rotate=270"});
    }

    TEST_CASE("a part of the picture") {
        CHECK(recipe("crop=100,50,640,480").crop == Recipe::Crop{100, 50, 640, 480});
        check_same({"crop=100,50,640,480", "crop=100%2C50%2C640%2C480", "crop=100,+50,+640,+480"});
        CHECK(recipe("crop=0,0,1,1").crop.width == 1);
    }

    TEST_CASE("grey, in all its names, and Axis's pictures without colour") {
        check_same({"grey=1", "gray=1", "greyscale=1", "grayscale=yes", "grey", "color=0",
                    "colour=no", "GREY=On", "grey=1&color=0"});
        CHECK(recipe("grey=1").grey);
        check_same({"", "grey=0", "color=1", "gray=off"});
    }

    TEST_CASE("words on it") {
        CHECK(recipe("overlay=1").overlay.text == media::default_overlay_text);
        CHECK(recipe("overlay=K%C3%BCche+%25H:%25M").overlay.text == "Küche %H:%M");
        CHECK(recipe("overlay=%H:%M").overlay.text == "%H:%M");
        check_same({"overlay=1", "overlay=yes", "overlay=true"});
        const Overlay all =
            recipe(
                "overlay=a&overlay_corner=top_right&overlay_size=8&overlay_colour=%23FFcc00"
                "&overlay_zone=UTC")
                .overlay;
        CHECK(all.corner == Overlay::Corner::top_right);
        CHECK(all.size == 8);
        CHECK(all.colour == 0xffcc00);
        CHECK(all.zone == "UTC");
        check_same({"overlay=a&overlay_corner=top-right", "overlay=a&overlay_corner=top_right",
                    "overlay=a&overlay_corner=TOP_RIGHT"});
        check_same({"overlay=a&overlay_colour=00ff00", "overlay=a&overlay_color=00FF00",
                    "overlay=a&overlay_colour=lime", "overlay=a&overlay_colour=%230f0"});
        check_same({"", "overlay=0", "overlay=", "overlay", "overlay_size=8", "overlay=no"});
    }

    TEST_CASE("a size that follows the link") {
        CHECK(asked("auto=1").auto_size);
        CHECK(asked("auto").auto_size);
        CHECK(asked("auto=1").min_fps == 0);
        CHECK(asked("auto=1&min_fps=5").min_fps == 5);
        CHECK(!asked("auto=0").auto_size);
        CHECK(asked("auto=1&rotate=90&fps=20").recipe.turn == Turn::right);
    }

    TEST_CASE("nonsense is told with the word, what was found and what is meant") {
        CHECK(refusal("width=wide") ==
              "400 Bad Request\nwidth=wide: width is a number of pixels up to 65535, as in "
              "width=640.\n");
        check_refused({
            {"w=-1", "w=-1: w is a number of pixels"},
            {"height=1e9", "height=1e9: "},
            {"height=65536", "height=65536: "},
            {"width=640px", "width=640px: "},
            {"h=0x10", "h=0x10: "},
            {"resolution=CIF", "resolution=CIF: resolution is two numbers of pixels"},
            {"resolution=640", "resolution=640: "},
            {"size=640x", "size=640x: "},
            {"scale=half", "scale=half: scale is a part of the size, as in scale=1/2"},
            {"scale=1/0", "scale=1/0: "},
            {"scale=1/2/3", "scale=1/2/3: "},
            {"scale=-50", "scale=-50: "},
            {"scale=inf", "scale=inf: "},
            {"scale=1e2", "scale=1e2: "},
            {"scale=1001", "scale=1001: "},
            {"scale=/", "scale=/: "},
            {"scale=%", "scale=%: "},
            {"fps=fast", "fps=fast: fps is a number of frames a second"},
            {"fps=nan", "fps=nan: "},
            {"maxfps=-1", "maxfps=-1: "},
            {"fps=1.2.3", "fps=1.2.3: "},
            {"fps=99999", "fps=99999: "},
            {"min_fps=0", "min_fps=0: "},
            {"quality=0", "quality=0: quality is a number from 1 to 100"},
            {"quality=101", "quality=101: "},
            {"q=high", "q=high: q is "},
            {"compression=101", "compression=101: compression is "},
            {"rotate=45", "rotate=45: rotate is a number of degrees: 90, 180, 270 or -90"},
            {"rotate=450", "rotate=450: "},
            {"rotation=left", "rotation=left: "},
            {"flip=1", "flip=1: flip is h, v or hv"},
            {"flip=x", "flip=x: "},
            {"mirror=left", "mirror=left: mirror is 1 or 0"},
            {"invert=2", "invert=2: "},
            {"crop=1,2,3", "crop=1,2,3: crop is left, top, width and height"},
            {"crop=1,2,3,4,5", "crop=1,2,3,4,5: "},
            {"crop=1,2,0,4", "crop=1,2,0,4: "},
            {"crop=60000,0,10000,1", "crop=60000,0,10000,1: "},
            {"crop=,,,", "crop=,,,: "},
            {"crop=-1,0,5,5", "crop=-1,0,5,5: "},
            {"grey=maybe", "grey=maybe: "},
            {"color=256", "color=256: "},
            {"lossless=2", "lossless=2: "},
            {"auto=x", "auto=x: "},
            {"overlay=a&overlay_corner=middle", "overlay_corner: 'middle' is no corner"},
            {"overlay_size=0", "overlay_size: '0' is no size"},
            {"overlay_size=51", "overlay_size: '51' "},
            {"overlay_color=12345g", "overlay_color: '12345g' is no colour"},
        });
    }

    TEST_CASE("what was found is told so that it can do no harm") {
        const std::string words = refusal("width=" + std::string(500, 'a') + "%0d%0aX-Y:%20z");
        CHECK(words.size() < 200);
        CHECK(words.find('\r') == std::string::npos);
        CHECK(refusal("width=%0d%0aX").find("\\x0d\\x0aX") != std::string::npos);
    }

    TEST_CASE("words that contradict each other are refused, and the words say so") {
        check_refused({
            {"width=640&w=320", "width=640 and w=320 contradict each other"},
            {"quality=60&compression=30", "quality=60 and compression=30 contradict each other"},
            {"grey=1&color=1", "grey=1 and color=1 contradict each other"},
            {"rotate=90&rotation=180", "contradict each other"},
            {"overlay_colour=red&overlay_color=lime", "overlay_colour and overlay_color"},
            {"resolution=640x480&width=320", "resolution and width or height contradict"},
            {"scale=1/2&width=640", "scale and width or height both say the size"},
            {"lossless=1&scale=1/2", "lossless and scale contradict each other"},
            {"lossless=1&width=640", "lossless and a size contradict each other"},
            {"lossless=1&quality=60", "lossless and quality contradict each other"},
            {"lossless=1&overlay=1", "lossless and overlay contradict each other"},
            {"lossless=1&auto=1", "lossless and auto contradict each other"},
        });
        CHECK(recipe("lossless=1&rotate=90&flip=h&grey=1&crop=0,0,64,64&fps=5").lossless);
        CHECK(recipe("lossless=1&scale=1&quality=").lossless);
    }

    TEST_CASE("whatever is written is a recipe within its bounds, or is refused in words") {
        const std::vector<std::string> keys{
            "fps",  "w",     "scale",   "quality",      "rotate",         "flip",
            "crop", "grey",  "overlay", "lossless",     "auto",           "min_fps",
            "size", "hflip", "color",   "overlay_size", "overlay_colour", "overlay_corner"};
        const std::string letters = "0123456789.,/%x-+ehv#\xc3\xbc";
        std::minstd_rand random(12);
        const auto below = [&random](std::size_t end) { return random() % end; };
        for (int round = 0; round < 20'000; ++round) {
            std::string query;
            for (std::size_t words = 1 + below(3); words > 0; --words) {
                query += keys[below(keys.size())] + "=";
                for (std::size_t length = below(8); length > 0; --length)
                    query += letters[below(letters.size())];
                query += '&';
            }
            CAPTURE(query);
            const auto answer = endpoints::recipe_query(http::Query::parse(query));
            if (const auto* response = std::get_if<http::Response>(&answer)) {
                CHECK(response->status == 400);
                continue;
            }
            const auto& [made, rate, auto_size, min_fps] = std::get<RecipeQuery>(answer);
            CHECK((made.eighths >= 1 && made.eighths <= 8));
            CHECK(made.fit_width <= 65535);
            CHECK(made.quality <= 100);
            CHECK((rate == 0 || (rate >= 0.01 && rate < 250)));
            CHECK((min_fps == 0 || (min_fps >= 0.01 && min_fps < 250)));
            CHECK((made.overlay.size >= 1 && made.overlay.size <= 50));
            CHECK(made.overlay.colour <= 0xffffff);
        }
    }
}
