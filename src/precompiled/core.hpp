// What most files include, compiled once for each target (meson's cpp_pch), which takes more than
// half of the time out of a build. A file includes what it needs all the same: -Db_pch=false builds
// without this, and ./check looks that it does.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/awaitable.hpp"
