#include "app/reload.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/settings.hpp"

using namespace onlooker::app;

namespace {

Options with(const std::vector<std::string>& arguments) {
    return load_options(arguments, {});
}

using Names = std::vector<std::string_view>;

}  // namespace

TEST_SUITE("options that change while the program runs") {
    TEST_CASE("each setting that a file may have says when a change of it takes effect") {
        for (const Setting& setting : settings()) {
            CAPTURE(setting.name);
            CHECK(std::ranges::count(change_rules(), setting.name, &ChangeRule::setting) ==
                  (setting.is_for_file() ? 1 : 0));
        }
        CHECK(std::ranges::all_of(change_rules(), [](const ChangeRule& rule) {
            return find_setting(rule.setting) != nullptr;
        }));
    }

    TEST_CASE("nothing has changed between the same options") {
        for (const ChangeRule& rule : change_rules()) {
            CAPTURE(rule.setting);
            CHECK_FALSE(
                rule.differs(with({"--camera", "testcard"}), with({"--camera", "testcard"})));
        }
    }

    TEST_CASE("what has changed is named by when it takes effect") {
        const Options before = with({});
        const Options next = with({"--log-level", "debug", "--port", "81", "--quality", "50"});
        CHECK(changed_settings(before, next, Effect::at_once) == Names{"log-level"});
        CHECK(changed_settings(before, next, Effect::on_cameras) == Names{"quality"});
        CHECK(changed_settings(before, next, Effect::after_restart) == Names{"port"});
    }

    TEST_CASE("a camera is another one when its pictures would be, and not when it idles longer") {
        const auto other = [](const Options& before, const Options& next) {
            return is_other_camera(before, before.cameras.front(), next, next.cameras.front());
        };
        const Options before = with({"--camera", "a=testcard:,fps=5"});
        CHECK_FALSE(other(before, with({"--camera", "a=testcard:,fps=5"})));
        CHECK(other(before, with({"--camera", "a=testcard:,fps=6"})));
        CHECK(other(before, with({"--camera", "a=testcard:,fps=5,title=Yard"})));
        CHECK(other(before, with({"--camera", "a=testcard:,fps=5", "--quality", "20"})));
        CHECK_FALSE(other(before, with({"--camera", "a=testcard:,fps=5", "--idle-seconds", "1"})));
    }
}
