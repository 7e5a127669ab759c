#include "app/settings.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "app/setting_rows.hpp"
#include "base/nearest_name.hpp"
#include "base/text.hpp"

namespace onlooker::app {

namespace {

std::vector<Setting> all_rows() {
    std::vector<Setting> all;
    for (auto* group : {camera_rows, recovery_rows, network_rows, access_rows, limit_rows,
                        program_rows, import_rows}) {
        for (Setting& setting : group())
            all.push_back(std::move(setting));
    }
    return all;
}

std::string with_dashes(std::string_view name) {
    std::string result(name);
    std::ranges::replace(result, '_', '-');
    return result;
}

}  // namespace

std::string Setting::environment_name() const {
    std::string result = "ONLOOKER_";
    for (const char c : name)
        result += c == '-' ? '_' : to_upper(c);
    return result;
}

std::span<const Setting> settings() {
    static const std::vector<Setting> all = all_rows();
    return all;
}

const Setting* find_setting(std::string_view name) {
    const auto all = settings();
    const auto found = std::ranges::find(all, with_dashes(name), &Setting::name);
    return found == all.end() ? nullptr : &*found;
}

std::string_view nearest_setting(std::string_view name) {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        std::ranges::transform(settings(), std::back_inserter(all), &Setting::name);
        return all;
    }();
    return nearest_name(with_dashes(name), names);
}

}  // namespace onlooker::app
