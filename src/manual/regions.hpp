// Parts of a text file that are made from tables. The rest of it is written by hand.
//
//     .\" [options]         or, in a script,   # [options]
//     ...                                      ...
//     .\" [end]                                # [end]
//
// Pure; any thread. Errors: std::runtime_error that names the line.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace onlooker::manual {

// What belongs into the region of that name, in whole lines; nothing: it stays as it is.
using MakeRegion = std::function<std::optional<std::string>(std::string_view name)>;

// `file` is for errors.
std::string with_regions(std::string_view text, std::string_view file, const MakeRegion& make);

}  // namespace onlooker::manual
