#include "overlay_module/zone_time.hpp"

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <chrono>

namespace onlooker::overlay_module {

bool local_time(const std::string& zone, std::int64_t second, std::tm& time) {
    cctz::time_zone loaded;
    if (!cctz::load_time_zone(zone, &loaded))
        return false;
    const cctz::time_point<cctz::seconds> when{cctz::seconds(second)};
    const cctz::time_zone::absolute_lookup found = loaded.lookup(when);
    const cctz::civil_day day(found.cs);
    time = {};
    time.tm_year = static_cast<int>(found.cs.year() - 1900);
    time.tm_mon = found.cs.month() - 1;
    time.tm_mday = found.cs.day();
    time.tm_hour = found.cs.hour();
    time.tm_min = found.cs.minute();
    time.tm_sec = found.cs.second();
    // cctz counts from Monday, struct tm from Sunday.
    time.tm_wday = (static_cast<int>(cctz::get_weekday(day)) + 1) % 7;
    time.tm_yday = cctz::get_yearday(day) - 1;
    time.tm_isdst = found.is_dst ? 1 : 0;
    time.tm_gmtoff = found.offset;
    time.tm_zone = found.abbr;
    return true;
}

}  // namespace onlooker::overlay_module
