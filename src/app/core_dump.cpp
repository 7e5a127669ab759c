#include "app/core_dump.hpp"

#include <sys/prctl.h>

namespace onlooker::app {

void forbid_core_dumps() noexcept {
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace onlooker::app
