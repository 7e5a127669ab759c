// What most tests include, as src/precompiled/core.hpp.
#include <doctest/doctest.h>

#include "../src/precompiled/core.hpp"
