// The files of this tree that are made from the program's tables, wholly or in part: manual pages,
// configuration, completions. They are checked in, so that a build for another machine need run
// nothing of that machine's.
//
// Thread: one at a time. Errors: std::runtime_error in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "camera/driver.hpp"

namespace onlooker::manual {

struct Facts {
    // Those that this build has. What a file says of others is kept.
    std::vector<camera::DriverEntry> drivers;
    // Names and aliases of all drivers of the tree.
    std::vector<std::string> driver_names;
};

// By their paths in the tree.
std::vector<std::string> made_files();

// What the file should be; `now`: what it is.
std::string made(std::string_view path, std::string_view now, const Facts& facts);

}  // namespace onlooker::manual
