// What a control can be set to.
#include "camera/control_limits.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>

using namespace onlooker::camera;
using Type = Control::Type;

namespace {

Control control(Type type, double minimum, double maximum, double step) {
    Control made;
    made.type = type;
    made.minimum = minimum;
    made.maximum = maximum;
    made.step = step;
    return made;
}

}  // namespace

TEST_SUITE("limits of controls") {
    TEST_CASE("whole numbers within the limits and on the step") {
        const Control one = control(Type::integer, -10, 10, 1);
        for (const double good : {-10.0, 0.0, 10.0})
            CHECK(why_not(one, good).empty());
        for (const double bad :
             {-11.0, 10.5, 11.0, std::nan(""), std::numeric_limits<double>::infinity()})
            CHECK(why_not(one, bad) == "it takes -10 to 10, whole numbers only");
        const Control five = control(Type::integer, 1, 101, 5);
        CHECK(why_not(five, 6).empty());
        CHECK(why_not(five, 5) == "it takes 1 to 101 in steps of 5");
    }

    TEST_CASE("a real one may be anything between") {
        const Control real = control(Type::real, 0, 1, 0.1);
        CHECK(why_not(real, 0.55).empty());
        CHECK(why_not(real, 1.01) == "it takes 0 to 1");
    }

    TEST_CASE("switches, menus, buttons and texts") {
        CHECK(why_not(control(Type::boolean, 0, 1, 1), 1).empty());
        CHECK_FALSE(why_not(control(Type::boolean, 0, 1, 1), 2).empty());
        Control menu = control(Type::menu, 0, 3, 1);
        menu.menu = {{.value = 1, .name = "Manual Mode"}, {.value = 3, .name = "Aperture"}};
        CHECK(why_not(menu, 3).empty());
        CHECK_FALSE(why_not(menu, 2).empty());
        CHECK(why_not(control(Type::button, 0, 0, 0), 1).empty());
        CHECK_FALSE(why_not(control(Type::button, 0, 0, 0), 0).empty());
        CHECK_FALSE(why_not(control(Type::text, 0, 9, 1), 1).empty());
    }

    TEST_CASE("one that can only be read takes nothing; one that another decides for takes all") {
        Control read_only = control(Type::integer, 0, 9, 1);
        read_only.read_only = true;
        CHECK(why_not(read_only, 1) == "it can only be read");
        Control inactive = control(Type::integer, 0, 9, 1);
        inactive.inactive = true;
        CHECK(why_not(inactive, 1).empty());
    }

    TEST_CASE("texts mean numbers, words of a switch, and entries of a menu") {
        CHECK(value_named(control(Type::integer, 0, 9, 1), "7") == 7);
        CHECK(value_named(control(Type::integer, 0, 9, 1), "on") == std::nullopt);
        CHECK(value_named(control(Type::boolean, 0, 1, 1), "off") == 0);
        Control menu = control(Type::menu, 0, 3, 1);
        menu.menu = {{.value = 1, .name = "50 Hz"}};
        CHECK(value_named(menu, "50 hz") == 1);
        CHECK(value_named(menu, "60 Hz") == std::nullopt);
    }
}
