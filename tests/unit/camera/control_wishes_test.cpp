#include "camera/control_wishes.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace onlooker::camera;

namespace {

Control control(std::string id, Control::Type type = Control::Type::integer) {
    Control made;
    made.id = std::move(id);
    made.type = type;
    return made;
}

std::string ids(const ControlWishes& wishes) {
    std::string all;
    for (const ControlChange& wish : wishes.all())
        all += wish.id + " ";
    return all;
}

}  // namespace

TEST_SUITE("control wishes") {
    TEST_CASE("each control is kept as it was wished last, where it was wished first") {
        ControlWishes wishes;
        CHECK(wishes.keep({"exposure_auto", 0}, {}));
        CHECK(wishes.keep({"exposure", 50}, {}));
        CHECK(wishes.keep({"exposure_auto", 1}, {}));
        CHECK(ids(wishes) == "exposure_auto exposure ");
        CHECK(wishes.all().front().value == 1);
    }

    TEST_CASE("a button, and what the device cannot be told, is not kept") {
        std::vector<Control> controls{control("gain"), control("reset", Control::Type::button),
                                      control("temperature")};
        controls.back().read_only = true;
        ControlWishes wishes;
        CHECK(wishes.keep({"gain", 100}, controls));
        CHECK_FALSE(wishes.keep({"reset", 1}, controls));
        CHECK_FALSE(wishes.keep({"temperature", 20}, controls));
        CHECK_FALSE(wishes.keep({"zoom", 1}, controls));
        CHECK(ids(wishes) == "gain ");
        CHECK(wishes.all().front().value == 100);
    }

    TEST_CASE("what was wished before anything was known is looked at when it is") {
        ControlWishes wishes;
        for (const char* const id : {"gain", "reset", "zoom"})
            CHECK(wishes.keep({id, 1}, {}));
        wishes.fit({control("gain"), control("reset", Control::Type::button)});
        CHECK(ids(wishes) == "gain ");
    }

    TEST_CASE("those of an earlier run hold, until the configuration decides") {
        ControlWishes wishes({{"gain", 3}, {"zoom", 1}, {"focus", 2}});
        wishes.fit({control("gain"), control("focus")});
        CHECK(ids(wishes) == "gain focus ");
        wishes.forget("gain");
        wishes.forget("nonesuch");
        CHECK(ids(wishes) == "focus ");
    }
}
