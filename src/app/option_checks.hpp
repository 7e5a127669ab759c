// What settings mean together, once all sources are laid over each other: what one asks of another,
// and who may look. Pure functions; any thread.
#pragma once

#include "app/options.hpp"

namespace onlooker::app {

// Throws ConfigError; what is odd, but no reason not to start, becomes a warning of the options.
void check_together(Options& options);

}  // namespace onlooker::app
