#include "camera/frame_log.hpp"

#include <doctest/doctest.h>

using onlooker::camera::FrameLog;

namespace {

FrameLog::Row row(std::uint64_t number) {
    FrameLog::Row made;
    made.number = number;
    return made;
}

}  // namespace

TEST_SUITE("frame log") {
    TEST_CASE("an empty log has no rows") {
        const FrameLog log;
        CHECK(log.begin() == log.end());
    }

    TEST_CASE("rows are kept in order up to the capacity, and then the oldest goes") {
        FrameLog log(2000);
        for (std::uint64_t number = 1; number <= 5000; ++number)
            log.add(row(number));
        CHECK(log.end() == 5000);
        CHECK(log.begin() == 3000);
        for (std::uint64_t position = log.begin(); position < log.end(); ++position)
            REQUIRE(log.at(position).number == position + 1);
    }
}
