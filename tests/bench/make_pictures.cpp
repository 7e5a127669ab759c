// bench-pictures --size 75k --folder DIR: writes one cycle of stamped pictures, so that servers in
// other languages send the very same ones.

#include <cstdio>
#include <exception>

#include "arguments.hpp"
#include "pictures.hpp"

int main(int count, char** values) try {
    using namespace onlooker::bench;
    Arguments arguments(count, values,
                        "bench-pictures --size 75k --folder DIR: one cycle of stamped pictures\n");
    const auto size = arguments.text("size", "75k");
    const auto folder = arguments.text("folder", "pictures");
    arguments.expect_no_others();
    save_pictures(make_pictures(size), folder);
} catch (const std::exception& error) {
    std::fprintf(stderr, "bench-pictures: %s\n", error.what());
    return 2;
}
